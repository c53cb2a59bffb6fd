import type { CreateUser, User } from '@parley/protocol/rest';
import type { ApiContext } from '../context.ts';
import { randomId } from '../security/ids.ts';
import { toUserAnswer } from './userAnswer.ts';

/** Makes a user; `conflict` when the id or the e-mail address is taken in the application. */
export async function createUser(
  { database, admission, passwords }: Pick<ApiContext, 'database' | 'admission' | 'passwords'>,
  applicationId: string,
  { id = `user-${randomId(16)}`, displayName = id, email, password }: CreateUser,
): Promise<User> {
  const passwordHash = password === undefined ? null : await passwords.hash(password);

  // Published inside the transaction: who can see the row can rely on it, and no later change overtakes this one.
  const user = await database.$transaction(async (transaction) => {
    const created = await transaction.user.create({
      data: { applicationId, id, displayName, email: email ?? null, passwordHash },
    });
    await admission.putUser({ applicationId, userId: id, displayName });

    return created;
  });

  return toUserAnswer(user);
}
