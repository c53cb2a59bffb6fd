import type { Transaction } from '@parley/db';
import { maxTokenSeconds } from '@parley/protocol';
import { toRevocation } from '../revocations/revoke.ts';
import { eachBatch, type IdRow } from './eachBatch.ts';
import type { PublishContext } from './PublishContext.ts';
import { publishContents } from './publishContents.ts';
import { putRight } from './putRight.ts';
import { toApplicationRecord } from './records.ts';

export interface PublishAllContext extends PublishContext {
  readonly signingKeys: { reload(): Promise<void> };
}

/**
 * Makes the backplane say what the database does, in everything that admission depends on, as an api does when it
 * starts: the backplane may have been emptied, or a write may have been lost between the database and it. The
 * revocations come last, for they open the sfu's door.
 */
export async function publishAll(context: PublishAllContext): Promise<void> {
  for (const applicationId of await publishApplications(context)) {
    await publishContents(context, applicationId);
  }
  // Not those known here: another api may have rotated them since.
  await context.signingKeys.reload();
  await publishRevocations(context);
}

async function publishApplications(context: PublishContext): Promise<ReadonlySet<string>> {
  const {
    database,
    backplane: { admission },
  } = context;
  const lock = (transaction: Transaction, after: string, limit: number) =>
    transaction.$queryRaw<IdRow[]>`
      SELECT "id" FROM "Application" WHERE "id" > ${after} ORDER BY "id" LIMIT ${limit} FOR SHARE`;

  const published = await eachBatch(database, lock, async (transaction, ids) => {
    for (const application of await transaction.application.findMany({ where: { id: { in: ids } } })) {
      await admission.putApplication(toApplicationRecord(application));
    }
  });
  for (const id of await admission.applicationIds()) {
    if (!published.has(id)) {
      await putRight(context, { kind: 'application', applicationId: id, id });
    }
  }

  return published;
}

/** Those that some token may still be subject to. */
async function publishRevocations({ database, backplane, clock }: PublishContext): Promise<void> {
  const oldestToken = new Date(clock.now() - maxTokenSeconds * 1000);
  const revocations = await database.revocation.findMany({ where: { revokedBefore: { gt: oldestToken } } });
  await backplane.admission.putAllRevocations(revocations.map(toRevocation));
}
