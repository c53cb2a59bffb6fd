-- CreateEnum
CREATE TYPE "UserKind" AS ENUM ('user', 'anonymous', 'guest');

-- CreateEnum
CREATE TYPE "RevocationSubject" AS ENUM ('application', 'user', 'grant');

-- CreateEnum
CREATE TYPE "CallKind" AS ENUM ('direct', 'group', 'room');

-- CreateEnum
CREATE TYPE "AuditActorKind" AS ENUM ('operator', 'key', 'administrator', 'service');

-- DropForeignKey
ALTER TABLE "Revocation" DROP CONSTRAINT "Revocation_applicationId_fkey";

-- AlterTable
ALTER TABLE "ApiKey" ADD COLUMN     "lastUsedAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "Application" ADD COLUMN     "anonymousDestinations" TEXT[],
ADD COLUMN     "contacts" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "limits" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "Revocation" DROP CONSTRAINT "Revocation_pkey";
ALTER TABLE "Revocation" RENAME COLUMN "userId" TO "subjectId";
-- What was revoked so far were users.
ALTER TABLE "Revocation" ADD COLUMN "subject" "RevocationSubject" NOT NULL DEFAULT 'user';
ALTER TABLE "Revocation" ALTER COLUMN "subject" DROP DEFAULT,
ADD CONSTRAINT "Revocation_pkey" PRIMARY KEY ("applicationId", "subject", "subjectId");

-- AlterTable
ALTER TABLE "Room" ADD COLUMN     "attendeesMayShare" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "lobby" BOOLEAN NOT NULL DEFAULT false;

-- Keys that lay here unsealed are not kept: what they signed ends with this migration, and the api makes a new one.
DELETE FROM "SigningKey";

-- AlterTable
ALTER TABLE "SigningKey" DROP COLUMN "privateJwk",
ADD COLUMN     "sealedJwk" BYTEA NOT NULL,
ADD COLUMN     "verifiesUntil" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "User" ADD COLUMN     "isAdmin" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "kind" "UserKind" NOT NULL DEFAULT 'user',
ADD COLUMN     "metadata" JSONB,
ADD COLUMN     "tokensExpireAt" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "PhoneNumber" (
    "applicationId" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "userId" TEXT NOT NULL,

    CONSTRAINT "PhoneNumber_pkey" PRIMARY KEY ("applicationId","number")
);

-- CreateTable
CREATE TABLE "AccessToken" (
    "id" TEXT NOT NULL,
    "applicationId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "name" TEXT,
    "secretHash" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastUsedAt" TIMESTAMPTZ(3),

    CONSTRAINT "AccessToken_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RefreshGrant" (
    "id" TEXT NOT NULL,
    "applicationId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "clientId" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "revokedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "RefreshGrant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RefreshToken" (
    "id" TEXT NOT NULL,
    "grantId" TEXT NOT NULL,
    "secretHash" BYTEA NOT NULL,
    "usedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "RefreshToken_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CallRecord" (
    "applicationId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "kind" "CallKind" NOT NULL,
    "roomId" TEXT,
    "nodeId" TEXT NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "connectedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),
    "endReason" TEXT,

    CONSTRAINT "CallRecord_pkey" PRIMARY KEY ("applicationId","id")
);

-- CreateTable
CREATE TABLE "ParticipantRecord" (
    "applicationId" TEXT NOT NULL,
    "callId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "userId" TEXT,
    "displayName" TEXT,
    "kind" "UserKind" NOT NULL,
    "role" "Role" NOT NULL,
    "joinedAt" TIMESTAMPTZ(3) NOT NULL,
    "connectedAt" TIMESTAMPTZ(3),
    "leftAt" TIMESTAMPTZ(3),
    "endReason" TEXT,

    CONSTRAINT "ParticipantRecord_pkey" PRIMARY KEY ("applicationId","callId","id")
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" BIGSERIAL NOT NULL,
    "applicationId" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actorKind" "AuditActorKind" NOT NULL,
    "actorId" TEXT,
    "action" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "details" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "address" TEXT,
    "requestId" TEXT,

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "IdempotentAnswer" (
    "scope" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "requestHash" BYTEA NOT NULL,
    "status" INTEGER NOT NULL,
    "location" TEXT,
    "body" TEXT,
    "sealedBody" BYTEA,
    "secretExpiresAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "IdempotentAnswer_pkey" PRIMARY KEY ("scope","key")
);

-- CreateIndex
CREATE INDEX "PhoneNumber_applicationId_userId_idx" ON "PhoneNumber"("applicationId", "userId");

-- CreateIndex
CREATE INDEX "AccessToken_applicationId_userId_idx" ON "AccessToken"("applicationId", "userId");

-- CreateIndex
CREATE INDEX "RefreshGrant_applicationId_userId_idx" ON "RefreshGrant"("applicationId", "userId");

-- CreateIndex
CREATE INDEX "RefreshGrant_expiresAt_idx" ON "RefreshGrant"("expiresAt");

-- CreateIndex
CREATE INDEX "RefreshToken_grantId_idx" ON "RefreshToken"("grantId");

-- CreateIndex
CREATE INDEX "CallRecord_applicationId_startedAt_id_idx" ON "CallRecord"("applicationId", "startedAt", "id");

-- CreateIndex
CREATE INDEX "CallRecord_endedAt_idx" ON "CallRecord"("endedAt");

-- CreateIndex
CREATE INDEX "ParticipantRecord_applicationId_userId_joinedAt_idx" ON "ParticipantRecord"("applicationId", "userId", "joinedAt");

-- CreateIndex
CREATE INDEX "AuditEntry_applicationId_id_idx" ON "AuditEntry"("applicationId", "id");

-- CreateIndex
CREATE INDEX "AuditEntry_at_idx" ON "AuditEntry"("at");

-- CreateIndex
CREATE INDEX "IdempotentAnswer_createdAt_idx" ON "IdempotentAnswer"("createdAt");

-- CreateIndex
CREATE INDEX "IdempotentAnswer_secretExpiresAt_idx" ON "IdempotentAnswer"("secretExpiresAt");

-- CreateIndex
CREATE INDEX "Revocation_revokedBefore_idx" ON "Revocation"("revokedBefore");

-- CreateIndex
CREATE INDEX "User_applicationId_kind_id_idx" ON "User"("applicationId", "kind", "id");

-- CreateIndex
CREATE INDEX "User_tokensExpireAt_idx" ON "User"("tokensExpireAt");

-- AddForeignKey
ALTER TABLE "PhoneNumber" ADD CONSTRAINT "PhoneNumber_applicationId_userId_fkey" FOREIGN KEY ("applicationId", "userId") REFERENCES "User"("applicationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AccessToken" ADD CONSTRAINT "AccessToken_applicationId_userId_fkey" FOREIGN KEY ("applicationId", "userId") REFERENCES "User"("applicationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RefreshGrant" ADD CONSTRAINT "RefreshGrant_applicationId_userId_fkey" FOREIGN KEY ("applicationId", "userId") REFERENCES "User"("applicationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RefreshToken" ADD CONSTRAINT "RefreshToken_grantId_fkey" FOREIGN KEY ("grantId") REFERENCES "RefreshGrant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CallRecord" ADD CONSTRAINT "CallRecord_applicationId_fkey" FOREIGN KEY ("applicationId") REFERENCES "Application"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ParticipantRecord" ADD CONSTRAINT "ParticipantRecord_applicationId_callId_fkey" FOREIGN KEY ("applicationId", "callId") REFERENCES "CallRecord"("applicationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;
