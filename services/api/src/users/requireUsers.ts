import type { Transaction } from '@parley/db';
import { InvalidRequestError } from '../requests/parse.ts';

/**
 * Sees to it that each id is that of a user of the application whom the backend provisioned, and keeps them from being
 * deleted until the transaction ends; `invalid_request` points at each that is not. Comes before a room or the
 * application is locked, for who deletes a user locks these afterwards.
 */
export async function requireUsers(
  database: Transaction,
  applicationId: string,
  users: readonly { readonly id: string; readonly pointer: string }[],
): Promise<void> {
  if (users.length === 0) {
    return;
  }
  const rows = await database.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "User"
    WHERE "applicationId" = ${applicationId} AND "id" = ANY(${users.map(({ id }) => id)}) AND "kind" = 'user'
    ORDER BY "id" FOR KEY SHARE`;
  const known = new Set(rows.map(({ id }) => id));
  const unknown = users.filter(({ id }) => !known.has(id));
  if (unknown.length > 0) {
    throw new InvalidRequestError(
      unknown.map(({ pointer }) => ({ pointer, detail: 'is no user of the application' })),
    );
  }
}
