-- AlterTable
ALTER TABLE "Application" ADD COLUMN     "callSettings" JSONB NOT NULL DEFAULT '{}';

-- CreateTable
CREATE TABLE "CallSurvey" (
    "applicationId" TEXT NOT NULL,
    "callId" TEXT NOT NULL,
    "participantId" TEXT NOT NULL,
    "rating" INTEGER NOT NULL,
    "issues" TEXT[],
    "comment" TEXT,
    "submittedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "CallSurvey_pkey" PRIMARY KEY ("applicationId","callId","participantId")
);

-- CreateTable
CREATE TABLE "RecordedEvent" (
    "id" TEXT NOT NULL,
    "recordedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "RecordedEvent_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "RecordedEvent_recordedAt_idx" ON "RecordedEvent"("recordedAt");

-- AddForeignKey
ALTER TABLE "CallSurvey" ADD CONSTRAINT "CallSurvey_applicationId_callId_participantId_fkey" FOREIGN KEY ("applicationId", "callId", "participantId") REFERENCES "ParticipantRecord"("applicationId", "callId", "id") ON DELETE CASCADE ON UPDATE CASCADE;
