import { ProtocolError } from '@parley/protocol';
import { auditActor } from '../audit/auditActor.ts';
import type { Handler } from '../operations/handlerTypes.ts';
import { hasRight } from '../principals/Principal.ts';
import { lockHolder } from './lockHolder.ts';
import { signUserToken } from './signUserToken.ts';

/** Issues a token in the transaction of the request, for a request that may be repeated. */
export const issueToken: Handler<'issueToken'> = async (call) => {
  const { context, database, body } = call;
  const holder = await lockHolder(database, call);

  return signUserToken(context, holder, body);
};

/** Issues a token whose audit row is written together with those of others, for a request that comes once. */
export const issueTokenRecorded: Handler<'issueToken'> = async (call) => {
  const {
    context,
    database,
    principal,
    applicationId,
    params: { userId },
    body,
    source,
  } = call;
  const actor = auditActor(principal);
  if (actor === undefined) {
    throw new ProtocolError('unauthenticated');
  }
  const issue = await context.tokenRecorder.record({
    applicationId,
    userId,
    mayServeAdministrators: hasRight(principal, 'admin'),
    actor,
    source,
  });
  if (issue === undefined) {
    // Says why; an answer without a fault means that the user was made only now.
    await lockHolder(database, call);
    throw new ProtocolError('not_found', 'There is no such user.');
  }

  return signUserToken(context, { applicationId, id: userId, displayName: issue.displayName }, body, issue);
};
