import type { Transaction } from '@parley/db';
import type { Publications } from '../admission/Publications.ts';
import { toApplicationRecord } from '../admission/records.ts';
import { requireApplication } from '../applications/requireApplication.ts';

/** Takes a user who is deleted off the list: somebody else may get the same id. */
export async function leaveDestinations(
  database: Transaction,
  publish: Publications,
  { applicationId, userId }: { applicationId: string; userId: string },
): Promise<void> {
  const changed = await database.$executeRaw`
    UPDATE "Application" SET "anonymousDestinations" = array_remove("anonymousDestinations", ${userId})
    WHERE "id" = ${applicationId} AND ${userId} = ANY("anonymousDestinations")`;
  if (changed > 0) {
    const application = await requireApplication(database, applicationId);
    publish.application(toApplicationRecord(application));
  }
}
