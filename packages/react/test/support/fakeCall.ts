import { FakeServer, joined, participant } from '../../../calling/src/testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../../../calling/src/testing/testClient.ts';

export { nextTurn } from '../../../calling/src/testing/testClient.ts';
export { participant } from '../../../calling/src/testing/FakeServer.ts';

export const callId = 'call-1';

/** A client in the call of a room with Bob, who sends a camera and shares a screen, all of it on the fakes of the SDK. */
export async function fakeCall() {
  const server = new FakeServer();
  server.on('joinRoom', () =>
    joined('room', 'connected', [
      participant('bob', 'connected', [
        { id: 'camera-1', source: 'camera', paused: false },
        { id: 'screen-1', source: 'screen', paused: false },
      ]),
    ]),
  );
  const parts = await createTestClient({ server });
  const call = parts.client.join({ roomId: 'room-1' });
  await nextTurn();
  const [bob] = call.remoteParticipants;
  const [camera, screen] = [bob?.videoStreams[0], bob?.screenSharingStreams[0]];
  if (bob === undefined || camera === undefined || screen === undefined) {
    throw new Error('Bob is not there.');
  }

  return { ...parts, call, bob, camera, screen };
}

/** Somebody rings the client. */
export function ring(server: FakeServer, name = 'bob', id = callId): void {
  server.notify('incomingCall', {
    callId: id,
    kind: 'direct',
    caller: { userId: name, displayName: name, kind: 'user' },
    customData: {},
  });
}
