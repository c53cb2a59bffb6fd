import type { SigningKey } from '@parley/db';
import type { SigningKeyInfo } from '@parley/protocol/rest';

/** What may be told of a key. */
export function signingKeyAnswer({ kid, createdAt, verifiesUntil }: SigningKey): SigningKeyInfo {
  return {
    kid,
    createdAt: createdAt.toISOString(),
    ...(verifiesUntil === null ? {} : { verifiesUntil: verifiesUntil.toISOString() }),
  };
}
