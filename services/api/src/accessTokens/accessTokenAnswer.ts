import type { AccessToken as AccessTokenRow } from '@parley/db';
import type { AccessToken } from '@parley/protocol/rest';

/** An access token as the API shows one; the value is not there to be shown. */
export function toAccessTokenAnswer({ id, name, createdAt, lastUsedAt }: AccessTokenRow): AccessToken {
  return {
    id,
    ...(name === null ? {} : { name }),
    createdAt: createdAt.toISOString(),
    ...(lastUsedAt === null ? {} : { lastUsedAt: lastUsedAt.toISOString() }),
  };
}
