import { connectedCall } from './connectedCall.ts';
import { participant } from './FakeServer.ts';
import { nextTurn } from './testClient.ts';

export const callId = 'call-1';
export const number = '+15551234567';
export const carolRings = { callId, participant: participant('carol', 'ringing') };

/** A call as its presenter, whose server answers a request to add somebody when the test says so. */
export async function presentersCall() {
  const parts = await connectedCall();
  const { call, server } = parts;
  const { promise, resolve } = Promise.withResolvers<{ reachable: boolean }>();
  server.on('addParticipants', async ({ callees }) => {
    const { reachable } = await promise;
    const [userId = ''] = callees;

    return reachable
      ? { added: [{ userId, participantId: 'carol-1' }], unreachable: [] }
      : { added: [], unreachable: [{ userId, reason: 'offline' }] };
  });
  const updates: string[] = [];
  call.on('remoteParticipantsUpdated', ({ added, removed }) => {
    updates.push(...added.map(({ identity }) => `+${identity.id}`));
    updates.push(...removed.map(({ identity }) => `-${identity.id}`));
  });

  return {
    ...parts,
    updates,
    answer: async (reachable = true) => {
      resolve({ reachable });
      await nextTurn();
    },
  };
}
