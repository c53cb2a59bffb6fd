import type { ConsumerInfo, MediaState, Snapshot } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import type { CallError } from '../errors.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { asTrack, FakeTrack } from '../testing/fakeMediaStream.ts';
import { consumerOf, joined, participant } from '../testing/FakeServer.ts';
import { createTestCallMedia } from '../testing/testCallMedia.ts';
import { nextTurn } from '../testing/testClient.ts';

type Parts = ReturnType<typeof createTestCallMedia>;

const room = joined('room', 'connected');

function snapshotWith(changes: Partial<MediaState> = {}): Snapshot {
  return { sequence: 7, call: room.call, media: { ...room.media, encodingsWanted: [], ...changes } };
}

function added(...consumers: ConsumerInfo[]) {
  return { name: 'consumersAdded', data: { callId: 'call-1', consumers } } as const;
}

/** Somebody who shows one picture. */
function watch({ media }: Parts, producerId: string) {
  const failures: string[] = [];
  const listener = { onStreamChanged: () => {}, onFailed: ({ code }: CallError) => failures.push(code) };

  return { subscription: media.watch(producerId, 'bob', listener), failures };
}

describe('a consumer that is named again', () => {
  it('is set up once, and goes on', async () => {
    const parts = createTestCallMedia();
    const { media, server, fakeMedia } = parts;
    const { subscription, failures } = watch(parts, 'camera-1');
    await nextTurn();
    const before = subscription.stream;

    media.apply(added(consumerOf('camera-1')));
    media.follow(snapshotWith({ consumers: [consumerOf('camera-1')] }));
    await nextTurn();

    expect(before).toBeDefined();
    expect(subscription.stream).toBe(before);
    expect(fakeMedia.session.received).toEqual(new Set(['consumer-of-camera-1']));
    expect([failures, server.asked('closeConsumers')]).toEqual([[], []]);
  });

  it('while it is being set up is set up once', async () => {
    const parts = createTestCallMedia({ parameters: { consumers: [consumerOf('camera-1')] } });
    const { subscription, failures } = watch(parts, 'camera-1');

    parts.media.follow(snapshotWith({ consumers: [consumerOf('camera-1')] }));
    await nextTurn();

    expect([subscription.stream !== undefined, failures]).toEqual([true, []]);
  });

  it('before anybody has wanted it waits for them once', async () => {
    const parts = createTestCallMedia({ parameters: { consumers: [consumerOf('camera-1')] } });
    parts.media.follow(snapshotWith({ consumers: [consumerOf('camera-1')] }));
    const { subscription } = watch(parts, 'camera-1');
    parts.media.follow(snapshotWith({ consumers: [consumerOf('camera-1')] }));
    await nextTurn();

    expect(subscription.stream).toBeDefined();
    parts.clock.pass(5_000);
    await nextTurn();
    expect(parts.server.asked('closeConsumers')).toEqual([]);
  });
});

describe('a snapshot', () => {
  it('brings the consumers that are not known here, and ends those that it does not name', async () => {
    const parts = createTestCallMedia();
    const { media, fakeMedia, server } = parts;
    const [gone, missed] = [watch(parts, 'camera-1'), watch(parts, 'camera-2')];
    await nextTurn();
    const again = { ...consumerOf('camera-2'), id: 'another-of-camera-2' };

    media.follow(snapshotWith({ consumers: [again] }));
    await nextTurn();
    expect(gone.subscription.stream).toBeUndefined();
    expect(missed.subscription.stream).toBeDefined();
    expect(fakeMedia.session.received).toEqual(new Set([again.id]));

    media.apply(added({ ...consumerOf('camera-1'), id: 'another-of-camera-1' }));
    await nextTurn();
    expect(gone.subscription.stream).toBeDefined();
    expect([gone.failures, server.asked('closeConsumers')]).toEqual([[], []]);
  });

  it('that was made before a consumer was closed does not bring it back', async () => {
    const parts = createTestCallMedia();
    const { media, server, fakeMedia } = parts;
    const { subscription } = watch(parts, 'camera-1');
    await nextTurn();
    const answer = Promise.withResolvers<void>();
    server.on('closeConsumers', () => answer.promise.then(() => ({})));
    subscription.close();
    await nextTurn();

    media.follow(snapshotWith({ consumers: [consumerOf('camera-1')] }));
    answer.resolve();
    server.on('consume', () => ({ consumers: [{ ...consumerOf('camera-1'), id: 'the-next' }] }));
    watch(parts, 'camera-1');
    await nextTurn();

    expect(fakeMedia.session.received).toEqual(new Set(['the-next']));
  });

  it('has the encodings sent that are wanted now, however long nobody did', async () => {
    const { media, fakeMedia } = createTestCallMedia();
    const { producerId } = await media.publisher.publish('camera', asTrack(new FakeTrack('video')));
    const largest = () => fakeMedia.session.sentFrom('camera')?.largestEncoding;
    const wanted = [false, false, false];
    media.apply({ name: 'encodingsWanted', data: { callId: 'call-1', producerId, wanted } });
    await nextTurn();
    expect(largest()).toBe(-1);

    media.follow(snapshotWith({ encodingsWanted: [{ producerId, wanted: [true, true, false] }] }));
    await nextTurn();

    expect(largest()).toBe(1);
  });

  it('of other transports than these replaces them, as the notification would have that was missed', async () => {
    const { media, fakeMedia, server, clock, parametersAfterLoss } = createTestCallMedia();
    await media.publisher.publish('camera', asTrack(new FakeTrack('video')));

    media.follow(snapshotWith(parametersAfterLoss()));
    await nextTurn();
    clock.pass(2_000);

    expect(fakeMedia.sessions.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    expect(server.asked('produce').at(-1)).toMatchObject({ transportId: 'send-transport-2' });
  });

  it('says nothing of media that is being moved: what there is goes on until the new is there', async () => {
    const parts = createTestCallMedia();
    const { subscription } = watch(parts, 'camera-1');
    await nextTurn();

    parts.media.follow({ sequence: 7, call: room.call });

    expect(subscription.stream).toBeDefined();
  });
});

describe('a gap in what a page was told', () => {
  it('over which its own camera was ended turns the camera off', async () => {
    const { call, server, devices, media } = await connectedCall();
    await call.startVideo();
    const own = { ...participant('alice'), role: 'presenter' as const };
    const microphone = { id: 'own-microphone', source: 'microphone' as const, paused: false };
    server.on('getSnapshot', () => ({
      ...snapshotWith(),
      call: { ...room.call, participants: [{ ...own, producers: [microphone] }, participant('bob')] },
      sequence: server.sequenceOf(),
    }));

    server.forgetToTell('producerRemoved', {
      callId: 'call-1',
      participantId: 'alice-1',
      producerId: 'own-camera',
    });
    server.notify('handLowered', { callId: 'call-1', participantId: 'bob-1' });
    await nextTurn();

    expect(call.localVideoStreams).toEqual([]);
    expect(devices.liveTracks.map(({ kind }) => kind)).toEqual(['audio']);
    expect(media.session.sentFrom('camera')?.state).toBe('closed');
    expect(media.session.sentFrom('microphone')?.state).toBe('sending');
    expect(server.asked('closeProducer')).toEqual([]);
  });
});

describe('a server that has forgotten what was asked of it', () => {
  it('is asked again for the pictures that it does not bring by itself, and for nothing else', async () => {
    const parts = createTestCallMedia();
    const { media, server, parametersAfterLoss } = parts;
    const [one, other] = [watch(parts, 'camera-1'), watch(parts, 'camera-2')];
    media.hear('mic-1', 'bob', () => {});
    await nextTurn();
    server.on('consume', ({ producerIds }) => ({
      consumers: producerIds.map((id) => ({ ...consumerOf(id), id: `another-of-${id}` })),
    }));
    const brought = { ...consumerOf('camera-2'), id: 'brought-of-camera-2' };

    media.rejoin(parametersAfterLoss({ consumers: [brought] }));
    await nextTurn();

    expect(server.asked('consume').slice(1)).toEqual([{ callId: 'call-1', producerIds: ['camera-1'] }]);
    expect([one, other].map(({ subscription }) => subscription.stream !== undefined)).toEqual([true, true]);
  });
});

describe('a picture', () => {
  it('that is never going to come fails at once', async () => {
    const parts = createTestCallMedia();
    parts.server.on('consume', ({ producerIds }) => ({ consumers: [], unavailable: producerIds }));
    const { failures } = watch(parts, 'camera-1');
    await nextTurn();

    expect(failures).toEqual(['not_supported']);
  });
});
