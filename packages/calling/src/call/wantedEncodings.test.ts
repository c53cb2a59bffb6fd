import { describe, expect, it } from 'vitest';
import { asTrack, FakeTrack } from '../testing/fakeMediaStream.ts';
import { createTestCallMedia } from '../testing/testCallMedia.ts';
import { nextTurn } from '../testing/testClient.ts';

describe('encodings', () => {
  it('that nobody wants are not sent', async () => {
    const { media, fakeMedia } = createTestCallMedia();
    await media.publisher.publish('camera', asTrack(new FakeTrack('video')));

    media.apply({
      name: 'encodingsWanted',
      data: { callId: 'call-1', producerId: 'own-camera', wanted: [true, false, false] },
    });
    await nextTurn();

    expect(fakeMedia.session.sentFrom('camera')?.largestEncoding).toBe(0);
    media.apply({
      name: 'encodingsWanted',
      data: { callId: 'call-1', producerId: 'own-camera', wanted: [false, false, false] },
    });
    await nextTurn();
    expect(fakeMedia.session.sentFrom('camera')?.largestEncoding).toBe(-1);
  });
});
