import { operations } from '@parley/protocol/rest';
import { writeAuditEntry } from '../audit/writeAuditEntry.ts';
import { dayMs, type Job } from './Job.ts';

/** Replaces the signing key when it is old enough, and says so in the audit log. */
export const rotateSigningKey: Job = ({ services: { database, clock, signingKeys }, retention }) =>
  database.$transaction(async (transaction) => {
    const key = await signingKeys.rotateIfOlderThan(transaction, retention.signingKeyDays * dayMs);
    if (key === undefined) {
      return 0;
    }
    await writeAuditEntry(transaction, {
      applicationId: undefined,
      at: new Date(clock.now()),
      actor: { kind: 'service' },
      action: 'rotateSigningKey',
      path: `${operations.rotateSigningKey.path}/${key.kid}`,
      source: { address: undefined, requestId: undefined },
    });

    return 1;
  });
