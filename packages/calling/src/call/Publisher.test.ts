import type { MediaSource } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { asTrack, FakeTrack } from '../testing/fakeMediaStream.ts';
import { createTestCallMedia } from '../testing/testCallMedia.ts';
import { nextTurn } from '../testing/testClient.ts';

const trackOf = (source: MediaSource): MediaStreamTrack =>
  asTrack(new FakeTrack(source === 'camera' || source === 'screen' ? 'video' : 'audio'));

describe('when the transports are lost', () => {
  it('what was sent is produced again over the new ones, paused where it was paused', async () => {
    const { media, fakeMedia, server, clock, parametersAfterLoss } = createTestCallMedia();
    const camera = await media.publisher.publish('camera', trackOf('camera'));
    const microphone = await media.publisher.publish('microphone', trackOf('microphone'), true);
    const before = fakeMedia.session;

    media.reset(parametersAfterLoss());
    await nextTurn();

    // No encoder works for the old ones, which are closed when the page has the time for it.
    expect(before.sent.map(({ state }) => state)).toEqual(['paused', 'paused']);
    expect(before.isClosed).toBe(false);
    clock.pass(2_000);
    expect(before.isClosed).toBe(true);
    expect(server.asked('produce').slice(2)).toMatchObject([
      { transportId: 'send-transport-2', source: 'camera', paused: false },
      { transportId: 'send-transport-2', source: 'microphone', paused: true },
    ]);
    expect(fakeMedia.session.sentFrom('camera')?.state).toBe('sending');
    expect(fakeMedia.session.sentFrom('microphone')?.state).toBe('paused');
    expect([camera.producerId, microphone.producerId]).toEqual(['own-camera', 'own-microphone']);
    await microphone.resume();
    expect(fakeMedia.session.sentFrom('microphone')?.state).toBe('sending');
  });

  it('what is asked of a stream while it is produced again is made up for', async () => {
    const { media, fakeMedia, server, parametersAfterLoss } = createTestCallMedia();
    const microphone = await media.publisher.publish('microphone', trackOf('microphone'));
    const camera = await media.publisher.publish('camera', trackOf('camera'));
    const screen = await media.publisher.publish('screen', trackOf('screen'));
    const answer = Promise.withResolvers<void>();
    server.on('produce', async ({ source }) => {
      await answer.promise;

      return { producerId: `own-${source}` };
    });

    media.reset(parametersAfterLoss());
    await nextTurn();
    const other = trackOf('camera');
    await Promise.all([microphone.pause(), camera.replaceTrack(other), screen.close()]);
    answer.resolve();
    await nextTurn();

    expect(fakeMedia.session.sentFrom('microphone')?.state).toBe('paused');
    expect(fakeMedia.session.sentFrom('camera')?.track).toBe(other);
    expect(fakeMedia.session.sentFrom('screen')?.state).toBe('closed');
    // It was closed before the server knew of it again.
    expect(server.asked('closeProducer').at(-1)).toEqual({ callId: 'call-1', producerId: 'own-screen' });
    expect(server.asked('pauseProducer').at(-1)).toEqual({ callId: 'call-1', producerId: 'own-microphone' });
  });

  it('a stream that is closed before the server was asked to take it again is not sent on by itself', async () => {
    const { media, fakeMedia, server, parametersAfterLoss } = createTestCallMedia();
    const camera = await media.publisher.publish('camera', trackOf('camera'));
    const negotiated = Promise.withResolvers<void>();

    media.reset(parametersAfterLoss());
    fakeMedia.session.negotiation = negotiated.promise;
    await camera.close();
    negotiated.resolve();
    await nextTurn();

    expect(server.asked('produce')).toHaveLength(1);
    expect(fakeMedia.session.sent.filter(({ state }) => state !== 'closed')).toEqual([]);
  });

  it('a stream that the server takes for a new one goes by the new id, by which it is closed', async () => {
    const { media, server, parametersAfterLoss } = createTestCallMedia();
    const camera = await media.publisher.publish('camera', trackOf('camera'));
    const answer = Promise.withResolvers<void>();
    server.on('produce', async () => {
      await answer.promise;

      return { producerId: 'another' };
    });

    media.reset(parametersAfterLoss());
    await nextTurn();
    await camera.close();
    answer.resolve();
    await nextTurn();

    expect(server.asked('closeProducer').at(-1)).toEqual({ callId: 'call-1', producerId: 'another' });
  });

  it('a device that is changed meanwhile is sent over the new ones', async () => {
    const { media, fakeMedia, server, parametersAfterLoss } = createTestCallMedia();
    const camera = await media.publisher.publish('camera', trackOf('camera'));
    const answer = Promise.withResolvers<void>();
    server.on('produce', async () => {
      await answer.promise;

      return { producerId: 'own-camera' };
    });
    const lost = fakeMedia.session;
    lost.negotiation = answer.promise;
    const [first, second] = [trackOf('camera'), trackOf('camera')];

    const begunBefore = camera.replaceTrack(first);
    media.reset(parametersAfterLoss());
    await nextTurn();
    await camera.replaceTrack(second);
    answer.resolve();
    await begunBefore;
    await nextTurn();

    expect(fakeMedia.session).not.toBe(lost);
    expect(fakeMedia.session.sentFrom('camera')).toMatchObject({ state: 'sending', track: second });
  });

  it('and lost again at once, everything ends up on the last ones, each stream once', async () => {
    const { media, fakeMedia, server, clock, parametersAfterLoss } = createTestCallMedia();
    await media.publisher.publish('camera', trackOf('camera'));
    server.on('produce', async ({ source, transportId }) => {
      if (transportId !== 'send-transport-3') {
        throw new CallError('invalid_state');
      }

      return { producerId: `own-${source}` };
    });
    const third = parametersAfterLoss();

    media.reset(parametersAfterLoss());
    media.reset({ ...third, sendTransport: { ...third.sendTransport, id: 'send-transport-3' } });
    await nextTurn();

    expect(fakeMedia.session.sent.filter(({ state }) => state === 'sending')).toHaveLength(1);
    clock.pass(2_000);
    expect(fakeMedia.sessions.map(({ isClosed }) => isClosed)).toEqual([true, true, false]);
  });

  it('a stream that is being published at that moment is published over the new ones', async () => {
    const { media, fakeMedia, server, parametersAfterLoss } = createTestCallMedia();
    server.on('produce', ({ source, transportId }) => {
      if (transportId === 'send-transport') {
        throw new CallError('invalid_state');
      }

      return { producerId: `own-${source}` };
    });

    const publishing = media.publisher.publish('camera', trackOf('camera'));
    media.reset(parametersAfterLoss());

    await expect(publishing).resolves.toMatchObject({ producerId: 'own-camera' });
    expect(fakeMedia.session.sentFrom('camera')?.state).toBe('sending');
  });

  it('what the server does not take again is over, after it was tried for as long as there was hope', async () => {
    const { media, server, clock, told, parametersAfterLoss } = createTestCallMedia();
    await media.publisher.publish('camera', trackOf('camera'));
    await media.publisher.publish('microphone', trackOf('microphone'));
    server.on('produce', ({ source }) => {
      throw new CallError(source === 'camera' ? 'forbidden' : 'unavailable');
    });

    media.reset(parametersAfterLoss());
    await nextTurn();
    expect(told.lost).toEqual(['own-camera']);
    server.on('produce', ({ source }) => ({ producerId: `own-${source}` }));
    clock.pass(500);
    await nextTurn();

    expect(told.lost).toEqual(['own-camera']);
    expect(server.asked('produce').at(-1)).toMatchObject({ source: 'microphone' });
    media.close();
    expect(clock.pending).toBe(0);
  });
});

it('what the server cannot take at the moment is sent when it says that it can, also when it was never sent before', async () => {
  const { media, fakeMedia, server, clock } = createTestCallMedia();
  server.on('produce', () => {
    throw new CallError('unavailable', 'Wait.', { retryAfterSeconds: 2 });
  });
  const publishing = media.publisher.publish('microphone', trackOf('microphone'));
  await nextTurn();
  clock.pass(1_999);
  await nextTurn();
  server.on('produce', ({ source }) => ({ producerId: `own-${source}` }));
  clock.pass(1);

  await expect(publishing).resolves.toMatchObject({ producerId: 'own-microphone' });
  expect(fakeMedia.session.sent.map(({ state }) => state)).toEqual(['closed', 'sending']);
});

it('a camera of another size is told to the server once, also when it came while the transports were replaced', async () => {
  const { media, server, parametersAfterLoss } = createTestCallMedia();
  const publication = await media.publisher.publish('camera', trackOf('camera'));
  const told = () => server.asked('resizeProducer').map(({ producerId, size }) => [producerId, size.width]);
  const ofWidth = (width: number): MediaStreamTrack => {
    const track = new FakeTrack('video');
    track.size = { width, height: 360 };

    return asTrack(track);
  };
  await publication.replaceTrack(trackOf('camera'));
  expect(told()).toEqual([]);
  await publication.replaceTrack(ofWidth(640));
  await publication.replaceTrack(ofWidth(640));
  expect(told()).toEqual([['own-camera', 640]]);

  media.reset(parametersAfterLoss());
  await publication.replaceTrack(ofWidth(320));
  await nextTurn();

  expect(told().slice(1)).toEqual([['own-camera', 320]]);
});
