import type { RevocableToken, RevocationSubject } from './admission.ts';

/** Everything a revocation can be about that voids the token. */
export function subjectsOf({
  userId,
  grantId,
}: Pick<RevocableToken, 'userId' | 'grantId'>): RevocationSubject[] {
  return [{ kind: 'application' }, { kind: 'user', userId }, { kind: 'grant', grantId }];
}

/** One text for each subject. A slash occurs in neither an application's id nor a user's nor a grant's. */
export function subjectKey(applicationId: string, subject: RevocationSubject): string {
  switch (subject.kind) {
    case 'user':
      return `${applicationId}/user/${subject.userId}`;
    case 'grant':
      return `${applicationId}/grant/${subject.grantId}`;
    default:
      return applicationId;
  }
}
