import type { MediaSource } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { asTrack, FakeTrack } from '../testing/fakeMediaStream.ts';
import { createTestCallMedia } from '../testing/testCallMedia.ts';
import { nextTurn } from '../testing/testClient.ts';

const trackOf = (source: MediaSource): MediaStreamTrack =>
  asTrack(new FakeTrack(source === 'camera' || source === 'screen' ? 'video' : 'audio'));

describe('a call on hold', () => {
  it('sends nothing from this page, not even over new transports, and goes on as it was', async () => {
    const { media, fakeMedia, server, parametersAfterLoss } = createTestCallMedia();
    const microphone = await media.publisher.publish('microphone', trackOf('microphone'));
    await media.publisher.publish('screenAudio', trackOf('screenAudio'), true);
    const states = () => fakeMedia.session.sent.map(({ source, state }) => [source, state]);

    media.publisher.setHold('held');
    await microphone.resume();
    await media.publisher.publish('camera', trackOf('camera'));
    expect(states().every(([, state]) => state === 'paused')).toBe(true);
    media.reset(parametersAfterLoss());
    await nextTurn();
    expect(states()).toHaveLength(3);
    expect(states().every(([, state]) => state === 'paused')).toBe(true);
    media.publisher.setHold('free');

    expect(Object.fromEntries(states())).toEqual({
      microphone: 'sending',
      screenAudio: 'paused',
      camera: 'sending',
    });
    // Being told again of what is so already changes nothing.
    const turns = () => fakeMedia.session.sent.map((sent) => sent.turns);
    const before = turns();
    media.publisher.setHold('free');
    await microphone.resume();
    expect(turns()).toEqual(before);
    // That a call is held is said once, for all of its streams.
    expect(server.asked('pauseProducer')).toEqual([]);
  });

  it('sends nothing either while the server is asked to take a stream, and goes on when it is free before the answer', async () => {
    const { media, fakeMedia, server, parametersAfterLoss } = createTestCallMedia();
    await media.publisher.publish('microphone', trackOf('microphone'));
    const states = () => fakeMedia.session.sent.map(({ state }) => state);
    const answer = Promise.withResolvers<void>();
    server.on('produce', async ({ source }) => {
      await answer.promise;

      return { producerId: `own-${source}` };
    });

    media.publisher.setHold('held');
    media.reset(parametersAfterLoss());
    const publishing = media.publisher.publish('camera', trackOf('camera'));
    await nextTurn();
    expect(states()).toEqual(['paused', 'paused']);
    // The hold is nobody's mute.
    expect(server.asked('produce').map(({ paused }) => paused)).toEqual([false, false, false]);
    media.publisher.setHold('free');
    answer.resolve();
    await publishing;
    await nextTurn();

    expect(states()).toEqual(['sending', 'sending']);
  });
});
