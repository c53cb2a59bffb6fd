import type { types } from 'mediasoup-client';
import { expect, it } from 'vitest';
import { asTrack, FakeTrack } from '../testing/fakeMediaStream.ts';
import { nextTurn } from '../testing/testClient.ts';
import { outgoingMedia } from './outgoingMedia.ts';

/** A producer that takes a turn to replace its track, as a sender does. */
function producerOf(track: MediaStreamTrack) {
  const producer = {
    track: track as MediaStreamTrack | null,
    rtpParameters: { codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000 }] },
    async replaceTrack({ track: replacement }: { track: MediaStreamTrack | null }): Promise<void> {
      if (replacement === producer.track) {
        return;
      }
      await nextTurn();
      if (replacement?.readyState === 'ended') {
        throw new Error('track ended');
      }
      producer.track = replacement;
    },
  };

  return producer;
}

const asProducer = (producer: object): types.Producer => producer as unknown as types.Producer;
const sound = (): MediaStreamTrack => asTrack(new FakeTrack('audio'));

it('a sender that is paused and resumed at once ends up with its track', async () => {
  const track = sound();
  const producer = producerOf(track);
  const outgoing = outgoingMedia(asProducer(producer), track);

  outgoing.pause();
  await expect.poll(() => producer.track).toBeNull();
  outgoing.resume();
  outgoing.pause();
  outgoing.resume();
  await expect.poll(() => producer.track).toBe(track);
});

it('a track that comes while the sender is paused is sent when it is resumed', async () => {
  const producer = producerOf(sound());
  const outgoing = outgoingMedia(asProducer(producer), sound());
  const other = sound();

  outgoing.pause();
  await outgoing.replaceTrack(other);
  expect(producer.track).toBeNull();
  outgoing.resume();
  await expect.poll(() => producer.track).toBe(other);
});

it('a track that cannot be sent leaves the one before', async () => {
  const track = sound();
  const producer = producerOf(track);
  const outgoing = outgoingMedia(asProducer(producer), track);
  const ended = sound();
  ended.stop();

  await expect(outgoing.replaceTrack(ended)).rejects.toThrow('track ended');
  outgoing.pause();
  await expect.poll(() => producer.track).toBeNull();
  outgoing.resume();
  await expect.poll(() => producer.track).toBe(track);
});
