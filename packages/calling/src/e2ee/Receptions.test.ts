import { contributingSourceOf, type ConsumerInfo } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { encryptedCall } from '../testing/encryptedCall.ts';
import { consumerOf } from '../testing/FakeServer.ts';
import type { ReceptionState } from './workerMessages.ts';

const key = new Uint8Array(32).fill(1);
const otherKey = new Uint8Array(32).fill(2);
const bobsId = 'bob-1';

const asReceiver = (name: string): RTCRtpReceiver => ({ name }) as unknown as RTCRtpReceiver;

function consumer(producerId: string, mimeType: string): ConsumerInfo {
  const { rtpParameters, ...rest } = consumerOf(producerId);

  return {
    ...rest,
    kind: mimeType.startsWith('audio') ? 'audio' : 'video',
    rtpParameters: { ...rtpParameters, codecs: [{ mimeType, payloadType: 96, clockRate: 90_000 }] },
  };
}

/** Bob's camera, and what was told of whether it can be read. */
async function receivedPicture() {
  const parts = await encryptedCall();
  const { encryption, attached } = parts;
  const readable: boolean[] = [];
  const stop = encryption.decrypt(
    asReceiver('camera'),
    consumer('camera-1', 'video/VP8'),
    `${bobsId}-person`,
    (isReadable) => readable.push(isReadable),
  );
  const id = attached.at(-1)?.options.id ?? 0;
  const fares = (state: ReceptionState): void =>
    parts.worker().tell({ name: 'received', id, state, contributingSource: undefined });

  return { ...parts, readable, stop, fares, id };
}

describe('a receiver', () => {
  it.each([
    ['a camera', 'video/VP9', 'bob-1-person', { source: 'camera', codec: 'vp9', sender: 'bob-1' }],
    ['a screen', 'video/VP8', 'bob-1-screen', { source: 'screen', codec: 'vp8', sender: 'bob-1' }],
    ['a voice', 'audio/opus', 'bob-1-person', { source: 'microphone', sender: 'bob-1' }],
    ['a sound', 'audio/opus', 'bob-1-screen', { source: 'screenAudio', sender: 'bob-1' }],
    ['a slot', 'audio/opus', 'producer-1', { source: 'microphone', sender: undefined }],
    ['something else', 'video/H264', 'bob-1-person', { codec: undefined }],
  ] as const)('of %s is given to the worker as that', async (_what, mimeType, syncGroup, expected) => {
    const { encryption, attached } = await encryptedCall();

    encryption.decrypt(asReceiver('r'), consumer('producer-1', mimeType), syncGroup, () => {});

    expect(attached[0]?.options).toMatchObject({ operation: 'decrypt', ...expected });
  });

  it('of a picture that cannot be decrypted is said to be unreadable until a key comes', async () => {
    const { encryption, readable, fares, worker, id } = await receivedPicture();

    fares('missing_key');
    expect(readable).toEqual([false]);
    fares('decryption_failed');
    expect(readable).toEqual([false]);
    await encryption.setKey(key);
    expect(readable).toEqual([false, true]);
    expect(worker().asked('retry')).toEqual([{ name: 'retry', id }]);
    fares('encrypted');
    await encryption.setKey(otherKey, { keyIndex: 1 });

    expect(readable).toEqual([false, true]);
  });

  it('of such a picture is tried again now and then, more and more seldom', async () => {
    const { readable, fares, clock } = await receivedPicture();

    fares('decryption_failed');
    clock.pass(5_000);
    expect(readable).toEqual([false, true]);
    fares('decryption_failed');
    clock.pass(4_999);
    expect(readable).toEqual([false, true, false]);
    clock.pass(5_001);

    expect(readable).toEqual([false, true, false, true]);
  });

  it('of such a picture is tried again soon after a key, with which its sender waits', async () => {
    const { encryption, readable, fares, clock } = await receivedPicture();
    for (const delayMs of [5_000, 10_000, 20_000]) {
      fares('missing_key');
      clock.pass(delayMs);
    }
    fares('missing_key');
    await encryption.setKey(key);
    // What comes at first is still of the key before.
    fares('missing_key');
    const told = readable.length;

    clock.pass(5_000);

    expect(readable.slice(told)).toEqual([true]);
  });

  it('that is closed is told of no more', async () => {
    const { readable, fares, stop, clock, worker, id } = await receivedPicture();
    fares('missing_key');

    stop();
    fares('encrypted');
    clock.pass(60_000);

    expect(readable).toEqual([false]);
    expect(worker().asked('close')).toEqual([{ name: 'close', id }]);
  });

  it('of sound goes on: nothing is asked of its sender for what is lost, and a slot has other speakers', async () => {
    const { encryption, attached, worker } = await encryptedCall();
    const readable: boolean[] = [];
    const sound = consumer('slot-1', 'audio/opus');
    encryption.decrypt(asReceiver('slot'), sound, 'slot-1', (isReadable) => readable.push(isReadable));
    const id = attached[0]?.options.id ?? 0;
    const contributingSource = contributingSourceOf(bobsId);

    worker().tell({ name: 'received', id, state: 'not_encrypted', contributingSource });

    expect(readable).toEqual([]);
    expect(encryption.stateOf(bobsId)).toBe('NotEncrypted');
  });
});

describe('the state of a participant', () => {
  it.each([
    ['encrypted', 'Encrypted'],
    ['missing_key', 'MissingKey'],
    ['decryption_failed', 'DecryptionFailed'],
    ['not_encrypted', 'NotEncrypted'],
  ] as const)('is, when frames are %s, %s, and told once', async (fare, state) => {
    const { encryption, fares } = await receivedPicture();
    const told: unknown[] = [];
    encryption.on('encryptionStateChanged', (change) =>
      told.push({ ...change, now: encryption.stateOf(bobsId) }),
    );
    expect(encryption.stateOf(bobsId)).toBe('Unknown');

    fares(fare);
    fares(fare);

    expect(told).toEqual([{ participantId: bobsId, state, now: state }]);
  });

  it('is the worst of what is received of them, and stays when nothing is', async () => {
    const { encryption, fares, worker, attached, stop } = await receivedPicture();
    encryption.decrypt(asReceiver('voice'), consumer('voice-1', 'audio/opus'), `${bobsId}-person`, () => {});
    const voice = attached.at(-1)?.options.id ?? 0;

    fares('decryption_failed');
    worker().tell({ name: 'received', id: voice, state: 'encrypted', contributingSource: undefined });
    expect(encryption.stateOf(bobsId)).toBe('DecryptionFailed');
    stop();

    expect(encryption.stateOf(bobsId)).toBe('Encrypted');
  });
});
