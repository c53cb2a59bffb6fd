import { afterEach, beforeEach, expect, it } from 'vitest';
import { CallSite } from '../src/media/CallSite.ts';
import { toMediasoupParameters } from '../src/media/rtpMapping.ts';
import { SentStream } from '../src/media/SentStream.ts';
import { startMediaWorld, type MediaWorld } from './support/mediaWorld.ts';
import { opusParameters } from './support/rtpParameters.ts';

let world: MediaWorld;
let home: CallSite;
let away: CallSite;
let stream: SentStream;

/** Somebody sends at home. */
beforeEach(async () => {
  world = await startMediaWorld();
  const sites = await Promise.all(world.pool.workers.map((worker) => CallSite.create(worker)));
  [home, away] = sites as [CallSite, CallSite];
  const transport = await home.router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    rtcpMux: true,
    comedia: true,
  });
  const producer = await transport.produce({
    kind: 'audio',
    rtpParameters: toMediasoupParameters('audio', opusParameters()),
  });
  stream = new SentStream({ id: producer.id, participantId: 'alice', source: 'microphone', paused: false });
  stream.open({ router: home.router, producer });
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

/** Who waits for the end of the stream, and of the site it is sent to. */
function waiting(): (number | undefined)[] {
  return [stream.producer?.observer.listenerCount('close'), home.router.observer.listenerCount('close')];
}

it('a stream that is not held any more knows nothing of the site it was held at', async () => {
  const before = waiting();
  const release = await away.hold(stream);
  release?.();

  expect(waiting()).toEqual(before);
});

it('a site that is closed is known to none of those it had streams from', async () => {
  const before = waiting();
  const release = await away.hold(stream);
  away.close();
  release?.();

  expect(waiting()).toEqual(before);
});
