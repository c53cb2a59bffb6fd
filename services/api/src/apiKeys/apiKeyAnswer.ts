import type { ApiKey as ApiKeyRow } from '@parley/db';
import type { ApiKey } from '@parley/protocol/rest';

/** An API key as the API shows one; never its secret, of which only a hash is kept. */
export function toApiKeyAnswer({ privateKey, name, rights, createdAt, lastUsedAt }: ApiKeyRow): ApiKey {
  return {
    id: privateKey,
    name,
    rights,
    createdAt: createdAt.toISOString(),
    ...(lastUsedAt === null ? {} : { lastUsedAt: lastUsedAt.toISOString() }),
  };
}
