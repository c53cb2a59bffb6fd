import type { RevocableToken, Revocation, RevocationSubject } from './admission.ts';

/** From when on each subject's tokens are good again. */
export class Revocations {
  readonly #beforeMs = new Map<string, number>();

  /** Answers whether the revocation voids more than was void already. */
  add({ applicationId, subject, revokedBeforeMs }: Revocation): boolean {
    const key = keyOf(applicationId, subject);
    const isLater = revokedBeforeMs > (this.#beforeMs.get(key) ?? 0);
    if (isLater) {
      this.#beforeMs.set(key, revokedBeforeMs);
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
