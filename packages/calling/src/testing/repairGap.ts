import type { CallSnapshot } from '@parley/protocol';
import { joined, participant, type FakeServer } from './FakeServer.ts';
import { nextTurn } from './testClient.ts';

const callId = 'call-1';

/** Something that the server tells is lost; the client finds that out and asks for the call as it is now. */
export async function repairGap(server: FakeServer, changes: Partial<CallSnapshot> = {}): Promise<void> {
  const { call } = joined('room', 'connected', [participant('bob')]);
  server.on('getSnapshot', () => ({ sequence: server.sequenceOf(), call: { ...call, ...changes } }));
  server.forgetToTell('handLowered', { callId, participantId: 'nobody' });
  server.notify('callStateChanged', { callId, state: 'connected' });
  await nextTurn();
}
