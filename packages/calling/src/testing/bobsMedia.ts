import type { AutomaticBehaviours } from '../automaticTypes.ts';
import { connectedCall } from './connectedCall.ts';
import { consumerOf, FakeServer, joined, participant } from './FakeServer.ts';

/** In a call with Bob, whose camera and microphone are on. */
export async function bobsMedia(automatic: AutomaticBehaviours = {}) {
  const server = new FakeServer();
  const bob = participant('bob', 'connected', [
    { id: 'camera-1', source: 'camera', paused: false },
    { id: 'mic-bob', source: 'microphone', paused: false },
  ]);
  const room = joined('room', 'connected', [bob]);
  server.on('joinRoom', () => ({ ...room, media: { ...room.media, consumers: [consumerOf('mic-bob')] } }));
  const parts = await connectedCall(server, automatic);
  const [stream] = parts.call.remoteParticipants[0]?.videoStreams ?? [];
  if (stream === undefined) {
    throw new Error('Bob has no camera.');
  }

  return { ...parts, stream };
}
