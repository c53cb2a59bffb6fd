import { maxTokenSeconds } from '@parley/protocol';
import type { RevocableToken, Revocation } from './admission.ts';
import { subjectKey, subjectsOf } from './revocationSubjects.ts';

/** How long a revocation can matter: the longest life of a token, and an hour for clocks that differ. */
const memoryMs = (maxTokenSeconds + 60 * 60) * 1000;

/** From when on each subject's tokens are good again. */
export class Revocations {
  /** About in the order of their moments. */
  readonly #beforeMs = new Map<string, number>();

  /** Answers whether the revocation voids more than was void already. */
  add({ applicationId, subject, revokedBeforeMs }: Revocation): boolean {
    const key = subjectKey(applicationId, subject);
    const isLater = revokedBeforeMs > (this.#beforeMs.get(key) ?? 0);
    if (isLater) {
      this.#beforeMs.delete(key);
      this.#beforeMs.set(key, revokedBeforeMs);
      this.#forgetBefore(revokedBeforeMs - memoryMs);
    }

    return isLater;
  }

  /** Whether one of the token's subjects was revoked after it was issued. */
  void(token: RevocableToken): boolean {
    return subjectsOf(token).some((subject) => {
      const beforeMs = this.#beforeMs.get(subjectKey(token.applicationId, subject)) ?? 0;

      return token.issuedAtMs < beforeMs;
    });
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
