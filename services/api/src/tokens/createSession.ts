import type { Transaction } from '@parley/db';
import type { Handler } from '../operations/handlerTypes.ts';
import { invalidAccessToken } from './admitHolder.ts';
import { signUserToken } from './signUserToken.ts';

/** `lastUsedAt` of an access token is as exact as this. */
const touchIntervalMs = 60_000;

/** Exchanges an access token for a session token, which ends with it. */
export const createSession: Handler<'createSession'> = async ({
  context,
  database,
  body,
  prepared: found,
}) => {
  const { id: grantId, user } = found;

  // Held until the end, so that its revocation comes either before, and nothing is found, or after the moment that
  // the session token carries, and voids that.
  if (!(await hold(database, grantId))) {
    throw invalidAccessToken();
  }
  const issuedAtMs = context.clock.now();
  if (issuedAtMs - (found.lastUsedAt?.getTime() ?? 0) >= touchIntervalMs) {
    await database.accessToken.update({ where: { id: grantId }, data: { lastUsedAt: new Date(issuedAtMs) } });
  }
  const issued = await signUserToken(context, user, body, { grantId, issuedAtMs });

  return { ...issued, userId: user.id, displayName: user.displayName };
};

/** Keeps an access token from being deleted until the transaction ends, unless it is gone. */
async function hold(transaction: Transaction, id: string): Promise<boolean> {
  const rows = await transaction.$queryRaw<unknown[]>`
    SELECT 1 FROM "AccessToken" WHERE "id" = ${id} FOR KEY SHARE`;

  return rows.length > 0;
}
