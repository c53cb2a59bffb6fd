import type { Transaction } from '@parley/db';
import { toApplicationRecord } from '../admission/records.ts';
import type { ApiContext } from '../context.ts';

/** Replaces whom anonymous users of the application may call. */
export async function replaceDestinations(
  database: Transaction,
  { backplane }: Pick<ApiContext, 'backplane'>,
  applicationId: string,
  anonymousDestinations: string[],
): Promise<void> {
  const application = await database.application.update({
    where: { id: applicationId },
    data: { anonymousDestinations },
  });
  await backplane.admission.putApplication(toApplicationRecord(application));
}
