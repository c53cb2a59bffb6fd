import { ProtocolError } from '@parley/protocol';
import type { User } from '@parley/protocol/rest';
import type { ApiContext } from '../context.ts';
import { toUserAnswer } from './userAnswer.ts';

export async function getUser(
  { database }: Pick<ApiContext, 'database'>,
  applicationId: string,
  id: string,
): Promise<User> {
  const user = await database.user.findUnique({ where: { applicationId_id: { applicationId, id } } });
  if (user === null) {
    throw new ProtocolError('not_found', 'There is no such user.');
  }

  return toUserAnswer(user);
}
