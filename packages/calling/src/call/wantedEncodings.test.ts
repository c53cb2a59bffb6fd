import { describe, expect, it } from 'vitest';
import type { CallMedia } from './CallMedia.ts';
import { asTrack, FakeTrack } from '../testing/fakeMediaStream.ts';
import { createTestCallMedia } from '../testing/testCallMedia.ts';
import { nextTurn } from '../testing/testClient.ts';

const want = (media: CallMedia, wanted: boolean[]): void =>
  media.apply({
    name: 'encodingsWanted',
    data: { callId: 'call-1', producerId: 'own-camera', wanted },
  });

describe('encodings', () => {
  it('that nobody wants are not sent', async () => {
    const { media, fakeMedia } = createTestCallMedia();
    await media.publisher.publish('camera', asTrack(new FakeTrack('video')));

    want(media, [true, false, false]);
    await nextTurn();
    expect(fakeMedia.session.sentFrom('camera')?.largestEncoding).toBe(0);

    want(media, [false, false, false]);
    await nextTurn();
    expect(fakeMedia.session.sentFrom('camera')?.largestEncoding).toBe(-1);
  });

  it('that are wanted again while they are being left out are sent in the end', async () => {
    const { media, fakeMedia } = createTestCallMedia();
    await media.publisher.publish('camera', asTrack(new FakeTrack('video')));
    want(media, [true, true, true]);
    await nextTurn();
    const negotiated = Promise.withResolvers<void>();
    fakeMedia.session.negotiation = negotiated.promise;

    want(media, [true, false, false]);
    await nextTurn();
    want(media, [true, true, true]);
    negotiated.resolve();
    await nextTurn();

    expect(fakeMedia.session.sentFrom('camera')?.largestEncoding).toBe(2);
  });

  it('that are wanted while the stream is produced again are sent then, and no longer as before', async () => {
    const { media, fakeMedia, server, parametersAfterLoss } = createTestCallMedia();
    const answer = Promise.withResolvers<void>();
    await media.publisher.publish('camera', asTrack(new FakeTrack('video')));
    want(media, [false, false, false]);
    await nextTurn();
    server.on('produce', async ({ source }) => {
      await answer.promise;

      return { producerId: `own-${source}` };
    });

    media.reset(parametersAfterLoss());
    await nextTurn();
    expect(fakeMedia.session.sentFrom('camera')?.largestEncoding).toBeUndefined();
    want(media, [true, true, false]);
    answer.resolve();
    await nextTurn();

    expect(fakeMedia.session.sentFrom('camera')?.largestEncoding).toBe(1);
  });
});
