import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';
import { toCallAnswer, withParticipants } from './callAnswer.ts';

export const getCall: Handler<'getCall'> = async ({ database, applicationId, params }) => {
  const call = await database.callRecord.findUnique({
    where: { applicationId_id: { applicationId, id: params.callId } },
    include: withParticipants,
  });
  if (call === null) {
    throw new ProtocolError('call_not_found', 'There is no such call.');
  }

  return toCallAnswer(call);
};
