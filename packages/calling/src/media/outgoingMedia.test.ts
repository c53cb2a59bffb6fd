import { describe, expect, it } from 'vitest';
import { asTrack, FakeTrack } from '../testing/fakeMediaStream.ts';
import { nextTurn } from '../testing/testClient.ts';
import { outgoingMedia, type Producer } from './outgoingMedia.ts';
import { sendProfileOf } from './sendProfile.ts';

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

function cameraTrack(size: { width: number; height: number }): MediaStreamTrack {
  const camera = new FakeTrack('video');
  camera.size = size;

  return asTrack(camera);
}

/** A sender of three layers, as Chromium's: what it was set to, and which are on. */
function cameraOf(size = { width: 1280, height: 720 }) {
  const camera = cameraTrack(size);
  let changes = 0;
  const parameters = { encodings: [{}, {}, {}] as RTCRtpEncodingParameters[] } as RTCRtpSendParameters;
  const largest: number[] = [];
  const outgoing = outgoingMedia(
    {
      ...producerOf(camera),
      setMaxSpatialLayer: async (index) => void largest.push(index),
      rtpSender: { getParameters: () => parameters, setParameters: async () => void (changes += 1) },
    },
    camera,
    (track) => sendProfileOf('camera', track.getSettings()).encodings,
  );

  return { outgoing, parameters, largest, changes: () => changes };
}

describe('the limits of a camera', () => {
  it('scale down the largest that is left and turn off those above it, and are lifted again', async () => {
    const { outgoing, parameters, largest } = cameraOf();

    await outgoing.setLimits({ frameHeight: 240, frameRate: 10 });
    expect(parameters.encodings.map(({ scaleResolutionDownBy }) => scaleResolutionDownBy)).toEqual([
      4,
      3,
      undefined,
    ]);
    expect(parameters.encodings[1]?.maxFramerate).toBe(10);
    expect(largest).toEqual([1]);
    await outgoing.setLimits({});

    expect(parameters.encodings[1]).toMatchObject({ scaleResolutionDownBy: 2, maxFramerate: undefined });
    expect(largest).toEqual([1, 2]);
  });

  it('hold when somebody wants a larger one', async () => {
    const { outgoing, largest } = cameraOf();
    await outgoing.setLimits({ frameHeight: 180 });

    await outgoing.setLargestEncoding(2);
    await outgoing.setLargestEncoding(-1);

    expect(largest).toEqual([0, 0, -1]);
  });

  it('leave what nobody wants off when they are lifted', async () => {
    const { outgoing, largest } = cameraOf();
    await outgoing.setLimits({ frameHeight: 180 });
    await outgoing.setLargestEncoding(-1);
    await outgoing.setLimits({});

    expect(largest.at(-1)).toBe(-1);
  });
});

describe('another camera', () => {
  /** In Chromium, three encodings of a picture of 640×480 are its quarter and its half: it leaves out the largest. */
  it('with smaller pictures is sent in all its lines, in fewer layers', async () => {
    const { outgoing, parameters, largest } = cameraOf();
    await outgoing.replaceTrack(cameraTrack({ width: 640, height: 480 }));

    await outgoing.setLimits({});

    expect(parameters.encodings).toMatchObject([
      { scaleResolutionDownBy: 2 },
      { scaleResolutionDownBy: 1 },
      {},
    ]);
    expect(largest).toEqual([1]);
    await outgoing.replaceTrack(cameraTrack({ width: 1280, height: 720 }));
    await outgoing.setLimits({});

    expect(parameters.encodings).toMatchObject([
      { scaleResolutionDownBy: 4 },
      { scaleResolutionDownBy: 2 },
      { scaleResolutionDownBy: 1, maxBitrate: 1_700_000 },
    ]);
    expect(largest).toEqual([1, 2]);
  });

  it('with larger pictures has the bits that these need', async () => {
    const { outgoing, parameters } = cameraOf({ width: 640, height: 360 });
    await outgoing.replaceTrack(cameraTrack({ width: 1280, height: 720 }));

    await outgoing.setLimits({});

    expect(parameters.encodings.slice(0, 2)).toMatchObject([
      { scaleResolutionDownBy: 2 },
      { scaleResolutionDownBy: 1, maxBitrate: 1_700_000 },
    ]);
  });

  it('of the same size changes nothing in the sender', async () => {
    const { outgoing, changes } = cameraOf();
    await outgoing.replaceTrack(cameraTrack({ width: 1280, height: 720 }));

    await outgoing.setLimits({});

    expect(changes()).toBe(0);
  });
});

it('a sound takes its bit rate, and no frame rate', async () => {
  const track = sound();
  const parameters = { encodings: [{}] } as RTCRtpSendParameters;
  const rtpSender = { getParameters: () => parameters, setParameters: async () => {} };
  await outgoingMedia({ ...producerOf(track), rtpSender }, track).setLimits({ bitrate: 24_000 });

  expect(parameters.encodings).toEqual([{ maxBitrate: 24_000 }]);
});

it('layers that the browser has left out are not told to the server', () => {
  const track = sound();
  const told = (taken: object): unknown => {
    const producer = {
      ...producerOf(track),
      rtpParameters: {
        codecs: [{ mimeType: 'video/VP9', payloadType: 98, clockRate: 90_000 }],
        encodings: [{ scalabilityMode: 'L3T3_KEY' }],
      },
      rtpSender: {
        getParameters: () => ({ encodings: [taken] }) as RTCRtpSendParameters,
        setParameters: async () => {},
      },
    };

    return outgoingMedia(producer, track).rtpParameters.encodings;
  };

  expect(told({ scalabilityMode: 'L3T3_KEY' })).toEqual([{ scalabilityMode: 'L3T3_KEY' }]);
  expect(told({})).toEqual([{}]);
});
