-- AlterTable
ALTER TABLE "Room" ADD COLUMN     "callSettings" JSONB NOT NULL DEFAULT '{}';
