import { describe, expect, it } from 'vitest';
import { maxCallees, requestTable } from './requests.ts';

const media = {
  rtpCapabilities: { codecs: [], headerExtensions: [] },
  dtlsFingerprints: [{ algorithm: 'sha-256', value: 'AB:CD:EF' }],
};

describe('request schemas', () => {
  it('accepts startCall with callees and a media offer', () => {
    expect(requestTable.startCall.data.safeParse({ callees: ['bob'], media }).success).toBe(true);
  });

  it('refuses startCall to nobody, to too many and to an impossible id', () => {
    const tooMany = Array.from({ length: maxCallees + 1 }, (_, index) => `user${index}`);

    for (const callees of [[], tooMany, ['<script>'], [''], 'bob']) {
      expect(requestTable.startCall.data.safeParse({ callees, media }).success).toBe(false);
    }
  });

  it('refuses a producer with more encodings than the limit', () => {
    const produce = (encodings: object[]) =>
      requestTable.produce.data.safeParse({
        callId: 'call',
        source: 'camera',
        paused: false,
        rtpParameters: { codecs: [{ mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000 }], encodings },
      }).success;

    expect(produce([{ rid: 'a' }, { rid: 'b' }, { rid: 'c' }])).toBe(true);
    expect(produce([{ rid: 'a' }, { rid: 'b' }, { rid: 'c' }, { rid: 'd' }])).toBe(false);
  });

  it('refuses a fingerprint that is not one', () => {
    const dtlsFingerprints = [{ algorithm: 'sha-256', value: 'not a fingerprint' }];

    expect(
      requestTable.joinRoom.data.safeParse({ roomId: 'room', media: { ...media, dtlsFingerprints } }).success,
    ).toBe(false);
  });
});
