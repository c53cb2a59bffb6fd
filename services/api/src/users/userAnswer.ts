import type { User as UserRow } from '@parley/db';
import type { User } from '@parley/protocol/rest';

/** A user as the API shows one. */
export function toUserAnswer({ id, displayName, email, createdAt }: UserRow): User {
  return {
    id,
    displayName,
    ...(email === null ? {} : { email }),
    createdAt: createdAt.toISOString(),
  };
}
