import type { Transaction } from '@parley/db';
import type { Publications } from '../admission/Publications.ts';
import { toApplicationRecord } from '../admission/records.ts';

/** Replaces whom anonymous users of the application may call. */
export async function replaceDestinations(
  database: Transaction,
  publish: Publications,
  applicationId: string,
  anonymousDestinations: string[],
): Promise<void> {
  const application = await database.application.update({
    where: { id: applicationId },
    data: { anonymousDestinations },
  });
  publish.application(toApplicationRecord(application));
}
