import { describe, expect, it } from 'vitest';
import { asTrack, FakeTrack } from '../testing/fakeMediaStream.ts';
import { nextTurn } from '../testing/testClient.ts';
import { outgoingMedia, type Producer } from './outgoingMedia.ts';

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
    setMaxSpatialLayer: async () => {},
    close: () => {},
  } satisfies Producer & { track: MediaStreamTrack | null };

  return producer;
}

const sound = (): MediaStreamTrack => asTrack(new FakeTrack('audio'));

it('a sender that is paused and resumed at once ends up with its track', async () => {
  const track = sound();
  const producer = producerOf(track);
  const outgoing = outgoingMedia(producer, track);

  outgoing.pause();
  outgoing.resume();
  await nextTurn();
  await nextTurn();
  expect(producer.track).toBe(track);

  const other = sound();
  const replacing = outgoing.replaceTrack(other);
  outgoing.pause();
  outgoing.resume();
  await replacing;
  await nextTurn();
  await nextTurn();
  expect(producer.track).toBe(other);
});

it('a track that comes while the sender is paused is sent when it is resumed', async () => {
  const producer = producerOf(sound());
  const outgoing = outgoingMedia(producer, sound());
  const other = sound();

  outgoing.pause();
  await outgoing.replaceTrack(other);
  expect(producer.track).toBeNull();
  outgoing.resume();
  await expect.poll(() => producer.track).toBe(other);
});

describe('a track that cannot be sent', () => {
  it('leaves the one before', async () => {
    const track = sound();
    const producer = producerOf(track);
    const outgoing = outgoingMedia(producer, track);

    // Ends while the sender is asked to take it.
    const ending = sound();
    const replacing = outgoing.replaceTrack(ending);
    ending.stop();
    await expect(replacing).rejects.toThrow('track ended');
    outgoing.pause();
    await expect.poll(() => producer.track).toBeNull();
    outgoing.resume();
    await expect.poll(() => producer.track).toBe(track);
  });

  it('is refused while the sender is paused, too, which goes on with the one before', async () => {
    const track = sound();
    const producer = producerOf(track);
    const outgoing = outgoingMedia(producer, track);
    const ended = sound();
    ended.stop();

    outgoing.pause();
    await expect.poll(() => producer.track).toBeNull();
    await expect(outgoing.replaceTrack(ended)).rejects.toMatchObject({ code: 'invalid_state' });
    outgoing.resume();
    await expect.poll(() => producer.track).toBe(track);
  });

  it('does not undo the one that came after it', async () => {
    const track = sound();
    const producer = producerOf(track);
    const outgoing = outgoingMedia(producer, track);
    const [ending, next] = [sound(), sound()];

    const replacing = outgoing.replaceTrack(ending);
    const replacingAgain = outgoing.replaceTrack(next);
    ending.stop();
    await expect(replacing).rejects.toThrow('track ended');
    await replacingAgain;
    expect(producer.track).toBe(next);
    outgoing.pause();
    outgoing.resume();
    await nextTurn();
    await nextTurn();
    expect(producer.track).toBe(next);
  });
});
