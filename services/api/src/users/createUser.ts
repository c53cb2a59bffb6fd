import { issueTokenSchema, type CreatedUser } from '@parley/protocol/rest';
import { makeAccessToken } from '../accessTokens/makeAccessToken.ts';
import { toUserRecord } from '../admission/records.ts';
import type { Handler } from '../operations/handlerTypes.ts';
import { randomId } from '../security/ids.ts';
import { signUserToken } from '../tokens/signUserToken.ts';
import { withNumbers } from './findUser.ts';
import { leaveAdministrators } from './leaveAdministrators.ts';
import { nameConflict } from './nameConflict.ts';
import { toUserAnswer } from './userAnswer.ts';

/** The standard scopes and lifetime. */
const standardToken = issueTokenSchema.parse({});

export const createUser: Handler<'createUser'> = async ({
  context,
  database,
  publish,
  principal,
  applicationId,
  body,
  prepared: passwordHash = null,
}) => {
  const { id = `user-${randomId(16)}`, displayName = id, email, phoneNumbers, metadata } = body;
  leaveAdministrators(principal, body.admin);

  const user = await nameConflict(
    database.user.create({
      data: {
        applicationId,
        id,
        displayName,
        email: email ?? null,
        phoneNumbers: { create: phoneNumbers.map((number) => ({ number })) },
        ...(metadata === undefined ? {} : { metadata }),
        passwordHash,
        isAdmin: body.admin,
      },
      include: withNumbers,
    }),
  );
  publish.user(toUserRecord(user));

  const answer: CreatedUser = toUserAnswer(user);
  if (body.issueToken) {
    answer.token = await signUserToken(context, user, standardToken);
  }
  if (body.issueAccessToken) {
    answer.accessToken = await makeAccessToken(context, database, user);
  }

  return answer;
};
