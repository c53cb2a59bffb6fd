import { Prisma } from '@parley/db';
import { ProtocolError } from '@parley/protocol';
import { metadataSchema, type UpdateUser, type User } from '@parley/protocol/rest';
import * as z from 'zod';
import { toUserRecord, type UserWithNumbers } from '../admission/records.ts';
import type { Handler } from '../operations/handlerTypes.ts';
import { mergePatch } from '../requests/mergePatch.ts';
import { InvalidRequestError, parse } from '../requests/parse.ts';
import { endSignIns } from '../tokens/endSignIns.ts';
import { withNumbers } from './findUser.ts';
import { leaveAdministrators } from './leaveAdministrators.ts';
import { lockUser } from './lockUser.ts';
import { nameConflict } from './nameConflict.ts';
import { toUserAnswer } from './userAnswer.ts';

/**
 * Changes a user. A new password, and being made an administrator or one no more, ends what was signed in to with the
 * old ones; tokens that the backend handed out go on.
 */
export const updateUser: Handler<'updateUser'> = async ({
  context,
  database,
  publish,
  principal,
  applicationId,
  params: { userId },
  body,
  prepared: passwordHash,
}) => {
  const user = await lockUser(database, { applicationId, userId }, 'change');
  leaveAdministrators(principal, user.isAdmin || body.admin === true);
  check(user, body);

  const changed = await nameConflict(
    database.user.update({
      where: { applicationId_id: { applicationId, id: userId } },
      data: toChange(user, body, passwordHash),
      include: withNumbers,
    }),
  );
  if (changed.passwordHash !== user.passwordHash || changed.isAdmin !== user.isAdmin) {
    await endSignIns(database, { publish, clock: context.clock }, user);
  }
  publish.user(toUserRecord(changed));

  return toUserAnswer(changed);
};

/** What would have to be so after the change. */
function check(user: UserWithNumbers, { email, password }: UpdateUser): void {
  if (user.kind !== 'user') {
    throw new ProtocolError('invalid_state', 'Anonymous users and guests are not changed.');
  }
  const hasEmail = email === undefined ? user.email !== null : email !== null;
  const hasPassword = password === undefined ? user.passwordHash !== null : password !== null;
  if (!hasPassword || hasEmail) {
    return;
  }
  throw new InvalidRequestError([
    email === null
      ? { pointer: '/email', detail: 'cannot go without the password, which it signs in with' }
      : { pointer: '/password', detail: 'needs an e-mail address to sign in with' },
  ]);
}

/** The merge patch (RFC 7396) as columns: undefined leaves one as it is. */
function toChange(
  user: UserWithNumbers,
  { displayName, email, phoneNumbers, metadata, admin }: UpdateUser,
  passwordHash: string | null | undefined,
): Prisma.UserUpdateInput {
  return {
    ...(displayName === undefined ? {} : { displayName: displayName ?? user.id }),
    ...(email === undefined ? {} : { email }),
    ...(phoneNumbers === undefined
      ? {}
      : { phoneNumbers: { deleteMany: {}, create: (phoneNumbers ?? []).map((number) => ({ number })) } }),
    ...(metadata === undefined ? {} : { metadata: patchedMetadata(user, metadata) }),
    ...(passwordHash === undefined ? {} : { passwordHash }),
    ...(admin === undefined ? {} : { isAdmin: admin ?? false }),
  };
}

/** Null removes it. What the merge makes has the limits of any other; `invalid_request` when it is beyond them. */
function patchedMetadata({ metadata }: UserWithNumbers, patch: Exclude<UpdateUser['metadata'], undefined>) {
  if (patch === null) {
    return Prisma.DbNull;
  }
  const merged = mergePatch(metadata as User['metadata'], patch);

  return parse(z.object({ metadata: metadataSchema }), { metadata: merged }).metadata;
}
