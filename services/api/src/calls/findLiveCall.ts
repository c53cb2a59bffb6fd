import type { LiveCall } from '@parley/backplane';
import { ProtocolError } from '@parley/protocol';
import type { ApiContext } from '../context.ts';

/** The live call and its home node; throws `call_not_found` when the call is not live. */
export async function findLiveCall({
  context: {
    backplane: { callDirectory },
  },
  applicationId,
  params: { callId },
}: {
  context: Pick<ApiContext, 'backplane'>;
  applicationId: string;
  params: { callId: string };
}): Promise<LiveCall> {
  const call = await callDirectory.find(applicationId, callId);
  if (call === undefined) {
    throw new ProtocolError('call_not_found');
  }

  return call;
}
