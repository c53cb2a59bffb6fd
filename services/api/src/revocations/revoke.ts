import type { Revocation, RevocationSubject } from '@parley/backplane';
import type { Revocation as RevocationRow, Transaction } from '@parley/db';
import { assertNever, type Clock } from '@parley/kit';
import type { Publications } from '../admission/Publications.ts';

/**
 * How far the clock of the api that issued a token may run ahead of this one's. A grant that was ended never gives a
 * token again, so nothing good is voided by looking ahead; a user, or one made anew under the id of a deleted one, may
 * get the next token in this very second.
 */
const clockDifferenceMs = 5_000;

/**
 * Voids every session token of the subject that was issued until now, also on connections that are open. The moment
 * set is the next millisecond: tokens carry theirs, and one issued just before in this one is void as well. That of a
 * grant allows for clocks that differ besides. A later moment that is on record already stays.
 *
 * Whoever issues tokens of the subject meanwhile must be kept waiting by a lock that the caller holds.
 */
export async function revoke(
  transaction: Transaction,
  { publish, clock }: { publish: Publications; clock: Clock },
  { applicationId, subject }: Pick<Revocation, 'applicationId' | 'subject'>,
): Promise<void> {
  const revokedBeforeMs = clock.now() + (subject.kind === 'grant' ? clockDifferenceMs : 1);
  await transaction.$executeRaw`
    INSERT INTO "Revocation" ("applicationId", "subject", "subjectId", "revokedBefore")
    VALUES (${applicationId}, ${subject.kind}::"RevocationSubject", ${subjectIdOf(applicationId, subject)},
            ${new Date(revokedBeforeMs)})
    ON CONFLICT ("applicationId", "subject", "subjectId")
    DO UPDATE SET "revokedBefore" = GREATEST("Revocation"."revokedBefore", EXCLUDED."revokedBefore")`;
  publish.revocation({ applicationId, subject, revokedBeforeMs });
}

/** A row as it is published. */
export function toRevocation({
  applicationId,
  subject,
  subjectId,
  revokedBefore,
}: RevocationRow): Revocation {
  return {
    applicationId,
    subject: toSubject(subject, subjectId),
    revokedBeforeMs: revokedBefore.getTime(),
  };
}

function toSubject(kind: RevocationRow['subject'], id: string): RevocationSubject {
  switch (kind) {
    case 'application':
      return { kind };
    case 'user':
      return { kind, userId: id };
    case 'grant':
      return { kind, grantId: id };
    default:
      return assertNever(kind);
  }
}

function subjectIdOf(applicationId: string, subject: RevocationSubject): string {
  switch (subject.kind) {
    case 'application':
      return applicationId;
    case 'user':
      return subject.userId;
    case 'grant':
      return subject.grantId;
    default:
      return assertNever(subject);
  }
}
