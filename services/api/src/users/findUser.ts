import type { Transaction } from '@parley/db';
import { ProtocolError } from '@parley/protocol';
import type { UserWithNumbers } from '../admission/records.ts';

/** What a user is read with. */
export const withNumbers = { phoneNumbers: { orderBy: { number: 'asc' } } } as const;

/** The application's user of that id; `not_found` when it has none. */
export async function findUser(
  database: Transaction,
  applicationId: string,
  id: string,
): Promise<UserWithNumbers> {
  const user = await database.user.findUnique({
    where: { applicationId_id: { applicationId, id } },
    include: withNumbers,
  });
  if (user === null) {
    throw new ProtocolError('not_found', 'There is no such user.');
  }

  return user;
}
