import { maxTokenSeconds } from '@parley/protocol';
import type { RevocableToken, Revocation, RevocationSubject } from './admission.ts';

/** How long a revocation can matter: the longest life of a token, and an hour for clocks that differ. */
const memoryMs = (maxTokenSeconds + 60 * 60) * 1000;

/** From when on each subject's tokens are good again. */
export class Revocations {
  /** About in the order of their moments. */
  readonly #beforeMs = new Map<string, number>();

  /** Answers whether the revocation voids more than was void already. */
  add({ applicationId, subject, revokedBeforeMs }: Revocation): boolean {
    const key = keyOf(applicationId, subject);
    const isLater = revokedBeforeMs > (this.#beforeMs.get(key) ?? 0);
    if (isLater) {
      this.#beforeMs.delete(key);
      this.#beforeMs.set(key, revokedBeforeMs);
      this.#forgetBefore(revokedBeforeMs - memoryMs);
    }

    return isLater;
  }

  /** Whether one of the token's subjects was revoked after it was issued. */
  void({ applicationId, userId, grantId, issuedAtMs }: RevocableToken): boolean {
    const subjects: RevocationSubject[] = [
      { kind: 'application' },
      { kind: 'user', userId },
      { kind: 'grant', grantId },
    ];

    return subjects.some((subject) => issuedAtMs < (this.#beforeMs.get(keyOf(applicationId, subject)) ?? 0));
  }

  /** Every token that these voided has expired. */
  #forgetBefore(momentMs: number): void {
    for (const [key, beforeMs] of this.#beforeMs) {
      if (beforeMs >= momentMs) {
        return;
      }
      this.#beforeMs.delete(key);
    }
  }
}

/** A slash occurs in neither an application's id nor a user's nor a grant's. */
function keyOf(applicationId: string, subject: RevocationSubject): string {
  switch (subject.kind) {
    case 'user':
      return `${applicationId}/user/${subject.userId}`;
    case 'grant':
      return `${applicationId}/grant/${subject.grantId}`;
    default:
      return applicationId;
  }
}
