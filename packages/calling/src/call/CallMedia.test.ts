import type { MediaSource } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { asTrack, FakeTrack } from '../testing/fakeMediaStream.ts';
import { consumerOf } from '../testing/FakeServer.ts';
import { createTestCallMedia } from '../testing/testCallMedia.ts';
import { nextTurn } from '../testing/testClient.ts';

const trackOf = (source: MediaSource): MediaStreamTrack =>
  asTrack(new FakeTrack(source === 'camera' || source === 'screen' ? 'video' : 'audio'));

/** Somebody who shows one picture, and counts how often it became another. */
function watchCamera({ media }: Pick<ReturnType<typeof createTestCallMedia>, 'media'>) {
  const seen = { streams: 0, failures: [] as string[] };
  const subscription = media.watch('camera-1', 'bob', {
    onStreamChanged: () => (seen.streams += 1),
    onFailed: ({ code }) => seen.failures.push(code),
  });

  return { subscription, seen };
}

describe('when the transports are lost', () => {
  it('what was received goes on with the consumers that the server makes anew, flowing as before', async () => {
    const parts = createTestCallMedia();
    const { media, fakeMedia, server, parametersAfterLoss } = parts;
    const { subscription, seen } = watchCamera(parts);
    subscription.setFlowing(true);
    subscription.setViewport({ width: 320, height: 180 });
    await nextTurn();
    const before = subscription.stream;

    media.reset(parametersAfterLoss());
    // Frozen, and there.
    expect(subscription.stream).toBe(before);
    media.apply({
      name: 'consumersAdded',
      data: { callId: 'call-1', consumers: [{ ...consumerOf('camera-1'), id: 'consumer-2' }] },
    });
    await nextTurn();

    expect(subscription.stream).toBeDefined();
    expect(subscription.stream).not.toBe(before);
    expect(seen).toEqual({ streams: 2, failures: [] });
    expect(fakeMedia.session.received).toEqual(new Set(['consumer-2']));
    expect(server.asked('consume')).toHaveLength(1);
    expect(server.asked('resumeConsumers').at(-1)?.consumerIds).toEqual(['consumer-2']);
    expect(server.asked('setViewports').at(-1)?.viewports).toEqual([
      { consumerId: 'consumer-2', width: 320, height: 180 },
    ]);
  });

  it('what does not come again is gone with the transports that it came over', async () => {
    const parts = createTestCallMedia();
    const { media, clock, parametersAfterLoss } = parts;
    const { subscription, seen } = watchCamera(parts);
    await nextTurn();

    media.reset(parametersAfterLoss());
    clock.pass(1_999);
    expect(subscription.stream).toBeDefined();
    clock.pass(1);

    expect(subscription.stream).toBeUndefined();
    expect(seen).toEqual({ streams: 2, failures: [] });
  });

  it('and lost again within 2 s, what is frozen is gone with its transports, and comes over the last ones', async () => {
    const parts = createTestCallMedia();
    const { media, fakeMedia, clock, parametersAfterLoss } = parts;
    const { subscription, seen } = watchCamera(parts);
    await nextTurn();
    const camera = (id: string) => ({ consumers: [{ ...consumerOf('camera-1'), id }] });

    media.reset(parametersAfterLoss());
    clock.pass(1_000);
    media.reset(parametersAfterLoss(camera('consumer-2')));
    expect(subscription.stream).toBeUndefined();
    // Not set up yet.
    media.reset(parametersAfterLoss(camera('consumer-3')));
    expect(subscription.stream).toBeUndefined();
    await nextTurn();

    expect(fakeMedia.session.received).toEqual(new Set(['consumer-3']));
    const last = subscription.stream;
    expect(last).toBeDefined();
    clock.pass(2_000);
    expect(subscription.stream).toBe(last);
    expect(seen).toEqual({ streams: 3, failures: [] });
  });

  it.each([
    ['as soon as it has come again', async () => nextTurn()],
    ['while it is set up again', async () => {}],
  ])('nothing is frozen of what the server forwards no more %s', async (_, setUp) => {
    const parts = createTestCallMedia();
    const { media, fakeMedia, parametersAfterLoss } = parts;
    const { subscription, seen } = watchCamera(parts);
    await nextTurn();

    media.reset(parametersAfterLoss({ consumers: [{ ...consumerOf('camera-1'), id: 'consumer-2' }] }));
    await setUp();
    const { streams } = seen;
    media.apply({ name: 'consumersClosed', data: { callId: 'call-1', consumerIds: ['consumer-2'] } });

    expect(subscription.stream).toBeUndefined();
    expect(seen.streams).toBe(streams + 1);
    await nextTurn();
    expect(subscription.stream).toBeUndefined();
    expect(fakeMedia.session.received).toEqual(new Set());
  });

  it('what is closed while it is frozen is gone at once, and the server is not asked about the transports before', async () => {
    const parts = createTestCallMedia();
    const { media, server, clock, parametersAfterLoss } = parts;
    const { subscription, seen } = watchCamera(parts);
    await nextTurn();

    media.reset(parametersAfterLoss());
    subscription.close();
    expect(subscription.stream).toBeUndefined();
    clock.pass(2_000);
    await nextTurn();

    expect(seen).toEqual({ streams: 2, failures: [] });
    expect(server.asked('closeConsumers')).toEqual([]);
  });

  it('an answer about the transports before is not taken for one about the new ones', async () => {
    const parts = createTestCallMedia();
    const { media, fakeMedia, server, parametersAfterLoss } = parts;
    const answer = Promise.withResolvers<void>();
    server.on('consume', async ({ producerIds }) => {
      await answer.promise;

      return { consumers: producerIds.map(consumerOf) };
    });
    const { subscription } = watchCamera(parts);
    await nextTurn();

    media.reset(parametersAfterLoss({ consumers: [{ ...consumerOf('camera-1'), id: 'consumer-2' }] }));
    answer.resolve();
    await nextTurn();

    expect(subscription.stream).toBeDefined();
    expect(fakeMedia.session.received).toEqual(new Set(['consumer-2']));
  });

  it('tells of the path of the present transports alone', async () => {
    const { media, fakeMedia, told, parametersAfterLoss } = createTestCallMedia();
    const before = fakeMedia.session;

    before.options.onPathChanged('connected');
    media.reset(parametersAfterLoss());
    before.options.onPathChanged('failed');
    fakeMedia.session.options.onPathChanged('connected');

    expect(told.paths).toEqual(['connected', 'connected']);
  });

  it('tells of transports that look for a path: those with something to go through them', () => {
    const { media, told, parametersAfterLoss } = createTestCallMedia({
      parameters: { consumers: [consumerOf('mic-1')] },
    });
    expect(told.opened).toBe(1);

    media.reset(parametersAfterLoss());
    expect(told.opened).toBe(1);
    media.reset(parametersAfterLoss({ consumers: [consumerOf('mic-1')] }));

    expect(told.opened).toBe(2);
  });

  it('uses the latest ICE servers', async () => {
    const { media, fakeMedia, parametersAfterLoss } = createTestCallMedia();
    const fresh = [{ urls: 'turn:example.com', username: '1', credential: 'fresh' }];

    await media.restartIce(
      {
        sendIceParameters: { usernameFragment: 'a', password: 'b' },
        receiveIceParameters: { usernameFragment: 'c', password: 'd' },
      },
      fresh,
    );
    media.apply({ name: 'mediaReset', data: { callId: 'call-1', media: parametersAfterLoss() } });

    expect(fakeMedia.sessions[0]?.restarts).toEqual([fresh]);
    expect(fakeMedia.session.options).toMatchObject({
      iceServers: fresh,
      sendTransport: { id: 'send-transport-2' },
    });
  });
});

describe('what is received', () => {
  it('waits for a producer that is not there at the moment, and is not asked for twice', async () => {
    const parts = createTestCallMedia();
    const { media, server } = parts;
    server.on('consume', () => ({ consumers: [] }));
    const { subscription, seen } = watchCamera(parts);
    await nextTurn();
    expect(subscription.stream).toBeUndefined();

    media.apply({
      name: 'consumersAdded',
      data: { callId: 'call-1', consumers: [consumerOf('camera-1')] },
    });
    await nextTurn();

    expect(subscription.stream).toBeDefined();
    expect(server.asked('consume')).toHaveLength(1);
    expect(seen.failures).toEqual([]);
  });

  it('tells what the server refuses', async () => {
    const parts = createTestCallMedia();
    parts.server.on('consume', () => {
      throw new CallError('unavailable');
    });
    const { seen } = watchCamera(parts);
    await nextTurn();

    expect(seen.failures).toEqual(['unavailable']);
  });

  it('is there at once when it was expected, without a request', async () => {
    const parts = createTestCallMedia({ parameters: { consumers: [consumerOf('camera-1')] } });
    const { subscription } = watchCamera(parts);
    await nextTurn();

    expect(subscription.stream).toBeDefined();
    expect(parts.server.asked('consume')).toEqual([]);
  });

  it('is given up when it was expected and nobody shows it', async () => {
    const { server, clock, media } = createTestCallMedia({
      parameters: { consumers: [consumerOf('camera-1'), consumerOf('mic-1')] },
    });

    clock.pass(5_000);
    await nextTurn();

    expect(server.asked('closeConsumers')).toEqual([
      { callId: 'call-1', consumerIds: ['consumer-of-camera-1'] },
    ]);
    media.close();
    expect(clock.pending).toBe(0);
  });

  it('says last what was meant last, however slowly the server answers', async () => {
    const parts = createTestCallMedia();
    const { server } = parts;
    const said: string[] = [];
    const answers: (() => void)[] = [];
    for (const name of ['resumeConsumers', 'pauseConsumers'] as const) {
      server.on(name, () => {
        said.push(name);

        return new Promise((resolve) => answers.push(() => resolve({})));
      });
    }
    const { subscription } = watchCamera(parts);
    await nextTurn();

    for (const isFlowing of [true, false, true, false]) {
      subscription.setFlowing(isFlowing);
    }
    await nextTurn();
    answers.shift()?.();
    await nextTurn();
    answers.shift()?.();
    await nextTurn();

    expect(said).toEqual(['resumeConsumers', 'pauseConsumers']);
  });

  it('leaves nothing behind when the call is over', async () => {
    const parts = createTestCallMedia();
    const { media, server, clock, fakeMedia } = parts;
    server.on('resumeConsumers', () => {
      throw new CallError('unavailable');
    });
    const { subscription } = watchCamera(parts);
    subscription.setFlowing(true);
    await nextTurn();
    expect(clock.pending).toBe(1);

    media.close();
    media.close();
    await nextTurn();

    expect(clock.pending).toBe(0);
    expect(fakeMedia.session.isClosed).toBe(true);
    expect(server.asked('resumeConsumers')).toHaveLength(1);
  });
});

it('a track that is refused does not undo the one that came after it, which is sent over new transports', async () => {
  const { media, fakeMedia, parametersAfterLoss } = createTestCallMedia();
  const camera = await media.publisher.publish('camera', trackOf('camera'));
  const [refused, next] = [trackOf('camera'), trackOf('camera')];
  const answer = Promise.withResolvers<void>();

  fakeMedia.session.negotiation = answer.promise;
  const replacing = camera.replaceTrack(refused);
  fakeMedia.session.negotiation = undefined;
  await camera.replaceTrack(next);
  answer.reject(new Error('not this one'));
  await expect(replacing).rejects.toMatchObject({ code: 'internal' });
  media.reset(parametersAfterLoss());
  await nextTurn();

  expect(fakeMedia.session.sentFrom('camera')?.track).toBe(next);
});
