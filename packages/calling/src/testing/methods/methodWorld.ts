import type { IncomingCall } from '../../call/incomingCallTypes.ts';
import { UserFacingDiagnostics } from '../../diagnostics/index.ts';
import { MediaStats, NetworkQuality } from '../../stats/index.ts';
import { LocalVideoStream } from '../../streams/LocalVideoStream.ts';
import { FakeMediaElement } from '../fakePage.ts';
import { FakeServer, joined, participant } from '../FakeServer.ts';
import { createTestEncryption } from '../FakeWorker.ts';
import { callId } from '../presentersCall.ts';
import { createTestClient, nextTurn } from '../testClient.ts';

export type MethodWorld = Awaited<ReturnType<typeof methodWorld>>;

const found = <T>(one: T | undefined): T => {
  if (one === undefined) {
    throw new Error('It is not there.');
  }

  return one;
};

/** One object of every public class, alive: of a presenter's call with Bob, before whose door Dave waits. */
export async function methodWorld() {
  const server = new FakeServer();
  const camera = { id: 'camera-1', source: 'camera', paused: false } as const;
  server.on('joinRoom', () => joined('room', 'connected', [participant('bob', 'connected', [camera])]));
  const parts = await createTestClient({ server });
  const { client, page } = parts;
  page.createElement = (tagName) =>
    Object.assign(new FakeMediaElement(page, tagName), { setSinkId: async () => {} });
  const call = client.join({ roomId: 'room-1' });
  await nextTurn();
  const identity = { userId: 'dave', displayName: 'Dave', kind: 'user' } as const;
  server.notify('lobbyChanged', { callId, lobby: [{ participantId: 'dave-1', identity, sinceMs: 1 }] });
  const rung: IncomingCall[] = [];
  client.on('incomingCall', (incoming) => rung.push(incoming));
  server.notify('incomingCall', { callId: 'call-2', kind: 'direct', caller: identity, customData: {} });
  const [bob, waiting] = [found(call.remoteParticipants[0]), found(call.lobby.participants[0])];
  const stream = found(bob.videoStreams[0]);
  const own = await call.startVideo();
  const stats = call.feature(MediaStats);
  const { deviceManager } = client;
  const preview = await deviceManager.renderPreviewVideo(undefined, page.target().asHtml);

  return {
    ...parts,
    call,
    bob,
    waiting,
    target: () => page.target().asHtml,
    unused: new LocalVideoStream({ id: 'cam-2', name: '' }),
    objects: {
      Call: call,
      CallChat: call.chat,
      CallClient: client,
      DeviceManager: deviceManager,
      Diagnostics: call.feature(UserFacingDiagnostics).media,
      Encryption: createTestEncryption().encryption,
      IncomingCall: found(rung[0]),
      LevelMeter: await deviceManager.startLevelMeter(),
      Lobby: call.lobby,
      LocalVideoStream: own,
      MediaStats: stats,
      MediaStatsCollector: stats.createCollector(),
      NetworkQuality: call.feature(NetworkQuality),
      PreviewRenderer: preview,
      RemoteParticipant: bob,
      RemoteVideoRenderer: await stream.render(page.target().asHtml),
      RemoteVideoStream: stream,
      VideoRenderer: await own.render(page.target().asHtml),
    },
  };
}
