import type { Revocation, RevocationSubject } from '@parley/backplane';
import type { Revocation as RevocationRow, Transaction } from '@parley/db';
import { assertNever } from '@parley/kit';
import type { ApiContext } from '../context.ts';

/**
 * Voids every session token of the subject that was issued until now, also on connections that are open. The moment
 * set is the next millisecond: tokens carry theirs, and one issued just before in this one is void as well. A later
 * moment that is on record already stays.
 *
 * Whoever issues tokens of the subject meanwhile must be kept waiting by a lock that the caller holds.
 */
export async function revoke(
  transaction: Transaction,
  { backplane, clock }: Pick<ApiContext, 'backplane' | 'clock'>,
  { applicationId, subject }: Pick<Revocation, 'applicationId' | 'subject'>,
): Promise<void> {
  const revokedBeforeMs = clock.now() + 1;
  await transaction.$executeRaw`
    INSERT INTO "Revocation" ("applicationId", "subject", "subjectId", "revokedBefore")
    VALUES (${applicationId}, ${subject.kind}::"RevocationSubject", ${subjectIdOf(applicationId, subject)},
            ${new Date(revokedBeforeMs)})
    ON CONFLICT ("applicationId", "subject", "subjectId")
    DO UPDATE SET "revokedBefore" = GREATEST("Revocation"."revokedBefore", EXCLUDED."revokedBefore")`;
  await backplane.admission.putRevocation({ applicationId, subject, revokedBeforeMs });
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
