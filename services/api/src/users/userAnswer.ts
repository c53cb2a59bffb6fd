import type { User } from '@parley/protocol/rest';
import type { UserWithNumbers } from '../admission/records.ts';

/** A user as the API shows one. */
export function toUserAnswer(user: UserWithNumbers): User {
  const { id, kind, displayName, email, metadata, passwordHash, isAdmin, createdAt } = user;

  return {
    id,
    kind,
    displayName,
    ...(email === null ? {} : { email }),
    phoneNumbers: user.phoneNumbers.map(({ number }) => number),
    // Nothing but an object that matched the schema is ever written there.
    ...(metadata === null ? {} : { metadata: metadata as NonNullable<User['metadata']> }),
    hasPassword: passwordHash !== null,
    admin: isAdmin,
    createdAt: createdAt.toISOString(),
  };
}
