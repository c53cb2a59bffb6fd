import { joined, participant } from '../FakeServer.ts';
import { createTestClient, nextTurn } from '../testClient.ts';

/** A call with Bob, who shows his camera and his screen. */
export async function callWithBob() {
  const parts = await createTestClient();
  const producers = [
    { id: 'camera-1', source: 'camera', paused: false },
    { id: 'screen-1', source: 'screen', paused: false },
  ] as const;
  parts.server.on('joinRoom', () =>
    joined('room', 'connected', [participant('bob', 'connected', [...producers])]),
  );
  const call = parts.client.join({ roomId: 'room-1' });
  await nextTurn();
  const [bob] = call.remoteParticipants;
  const [stream] = bob?.videoStreams ?? [];
  if (bob === undefined || stream === undefined) {
    throw new Error('Bob is not seen.');
  }

  return { ...parts, call, bob, stream };
}
