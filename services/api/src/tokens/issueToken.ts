import { ProtocolError } from '@parley/protocol';
import { auditActor } from '../audit/auditActor.ts';
import type { Handler, SelfRecordingHandler } from '../operations/handlerTypes.ts';
import { hasRight } from '../principals/Principal.ts';
import { lockHolder } from './lockHolder.ts';
import { signUserToken } from './signUserToken.ts';

/** Issues a token in the transaction of the request, for a request that may be repeated. */
export const issueToken: Handler<'issueToken'> = async (call) => {
  const { context, database, body } = call;
  const holder = await lockHolder(database, call);

  return signUserToken(context, holder, body);
};

/**
 * Issues a token whose audit row is written together with those of others, for a request that comes once. Undefined
 * when there is no such user, or somebody is deleting them: who has to wait does so in a transaction of their own.
 */
export const issueTokenAtOnce: SelfRecordingHandler<'issueToken'> = async ({
  context,
  principal,
  applicationId,
  params: { userId },
  body,
  source,
}) => {
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

  return (
    issue &&
    signUserToken(context, { applicationId, id: userId, displayName: issue.displayName }, body, issue)
  );
};
