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
        transportId: 'transport',
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

  const producing = (rtpParameters: object) =>
    requestTable.produce.data.safeParse({
      callId: 'call',
      transportId: 'transport',
      source: 'microphone',
      paused: false,
      rtpParameters: {
        codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000 }],
        ...rtpParameters,
      },
    }).success;
  const opusWith = (parameters: object) => ({
    codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, parameters }],
  });

  it.each([
    { what: 'cname', parameters: { rtcp: { cname: 'x\r\nm=evil' } } },
    { what: 'msid', parameters: { msid: 'x\ny' } },
    { what: 'mid', parameters: { mid: '0\r\na=evil' } },
    { what: 'rid', parameters: { encodings: [{ rid: 'a\r\nb' }] } },
    { what: 'codec parameter', parameters: opusWith({ useinbandfec: '1\r\nm=evil' }) },
    { what: 'name of a codec parameter', parameters: opusWith({ 'a\r\nb': 1 }) },
    { what: 'header extension', parameters: { headerExtensions: [{ uri: 'urn:x\r\ny', id: 1 }] } },
  ])(
    'refuses a line break in a $what: it would reach the session descriptions of others',
    ({ parameters }) => {
      expect(producing({})).toBe(true);
      expect(producing(parameters)).toBe(false);
    },
  );

  it('refuses more codec parameters than any codec has', () => {
    const parameters = Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`p${index}`, index]));

    expect(producing(opusWith(parameters))).toBe(false);
  });
});
