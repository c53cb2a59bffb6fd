import type { AccessToken, Transaction, User } from '@parley/db';
import { idOfSecret, matchesHash } from '../security/secrets.ts';

/** What the value of an access token begins with. */
export const accessTokenPrefix = 'at_';

export type FoundAccessToken = AccessToken & { readonly user: User };

/** The access token of that value with its user, or undefined when there is none, or it was revoked. */
export async function findAccessToken(
  database: Transaction,
  value: string,
): Promise<FoundAccessToken | undefined> {
  const secret = value.startsWith(accessTokenPrefix) ? value.slice(accessTokenPrefix.length) : '';
  const id = idOfSecret(secret);
  if (id === undefined) {
    return undefined;
  }
  const found = await database.accessToken.findUnique({ where: { id }, include: { user: true } });

  return found !== null && matchesHash(secret, found.secretHash) ? found : undefined;
}
