import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { asEsModule } from '../tools/lean/asEsModule.ts';
import { withoutLogCalls } from '../tools/lean/logCalls.ts';
import { withLeanMethods } from '../tools/lean/methods.ts';
import { withShortNames } from '../tools/lean/shortNames.ts';
import { unreadAttributes } from '../tools/lean/sdpTransform.ts';
import { leanModule } from './support/leanModule.ts';

const require = createRequire(createRequire(import.meta.url).resolve('mediasoup-client'));

/** Of a package the folder of its main file. */
const folderOf = (name: string): string => dirname(require.resolve(name));

async function modulesOf(name: string): Promise<readonly string[]> {
  const files = await readdir(folderOf(name), { recursive: true });

  return (
    files
      .filter((file) => file.endsWith('.js') && !/^tests?\/|fake/i.test(file))
      // These only name the others' exports; see replacements.ts and leanDependencies.ts.
      .filter((file) => file !== 'index.js' || name === 'h264-profile-level-id')
      .map((file) => join(folderOf(name), file))
  );
}

/** What writes log lines. */
const libraries = ['mediasoup-client', 'awaitqueue', 'h264-profile-level-id'];

describe('a dependency without its log lines', () => {
  it.each(libraries)('calls nothing of a logger that has no methods any more: %s', async (name) => {
    const codes = await Promise.all((await modulesOf(name)).map((file) => readFile(file, 'utf8')));
    const calls = /.*logger\.(?:debug|warn|error)\(.*/gi;

    expect(codes.flatMap((code) => code.match(calls) ?? []).length).toBeGreaterThan(0);
    expect(codes.flatMap((code) => withoutLogCalls(code).match(calls) ?? [])).toEqual([]);
  });

  it('answers nothing in place of a log line', () => {
    expect(withoutLogCalls('  logger.debug(1);\n  a.catch((error) => logger.warn(error));')).toBe(
      '  __leftOut(1);\n  a.catch((error) => void __leftOut(error));',
    );
  });
});

describe('a dependency with short names for its own properties', () => {
  it('gives none of them the name of another, nor touches what others see', async () => {
    const codes = await Promise.all(
      (await modulesOf('mediasoup-client')).map((file) => readFile(file, 'utf8')),
    );
    const namesIn = (code: string): Set<string> => new Set(code.match(/\b_\w+/g));
    const names = new Set(codes.flatMap((code) => [...namesIn(code)]));
    const short = [...names].map(withShortNames);

    expect(new Set(short).size).toBe(names.size);
    expect(withShortNames('this.transport_id = __leftOut; id_ = "a_b"')).toBe(
      'this.transport_id = __leftOut; id_ = "a_b"',
    );
    expect(withShortNames('this._mediaObject')).toMatch(/^this\._\w{1,2}$/);
  });
});

describe('a dependency as ES modules', () => {
  it.each(libraries)('exports what it exports as CommonJS: %s', async (name) => {
    for (const file of await modulesOf(name)) {
      const [, names = ''] = /\nexport \{ (.*) \};$/.exec(asEsModule(await readFile(file, 'utf8'))) ?? [];

      expect([file, names.split(', ').toSorted().join()]).toEqual([
        file,
        Object.keys(require(file) as object)
          .toSorted()
          .join(),
      ]);
    }
  });

  it('is refused when it is something else', () => {
    expect(() => asEsModule('module.exports = {};')).toThrow('can be read');
    expect(() => asEsModule('const a = require("a")();')).toThrow('can be read');
  });
});

describe('a class with leaner methods', () => {
  it('is refused when it has not the methods any more', () => {
    expect(() => withLeanMethods('class Manager {}', 'socket.io-client/build/esm/manager.js')).toThrow(
      'There is no method',
    );
  });
});

interface SdpTransform {
  parse(sdp: string): Sdp;
  write(sdp: Sdp): string;
}

interface Sdp {
  readonly media: readonly Readonly<Record<string, unknown>>[];
  readonly [name: string]: unknown;
}

describe('sdp-transform with fewer attributes', () => {
  const path = join(folderOf('sdp-transform'), 'index.js');
  const whole = require(path) as SdpTransform;
  let lean: SdpTransform;

  beforeAll(async () => {
    lean = (await leanModule(path)) as unknown as SdpTransform;
  });

  it.each([
    ['Chromium', chromium],
    ['Firefox', firefox],
  ])('reads all else in what %s writes, and keeps each line of it', (_browser, lines) => {
    const sdp = lines.map((line) => `${line}\r\n`).join('');
    const expected = whole.parse(sdp);
    const actual = lean.parse(sdp);
    const linesOf = (text: string): readonly string[] => text.trimEnd().split('\r\n').toSorted();

    for (const [part, other] of [
      [expected, actual],
      ...expected.media.map((each, index) => [each, actual.media[index]]),
    ]) {
      const { invalid: _invalid, media: _media, ...read } = other as Sdp;
      const { invalid: _same, media: _sections, ...known } = part as Sdp;
      const left = Object.keys(known).filter((name) => !(name in read));

      expect(known).toMatchObject(read);
      expect(left.filter((name) => !unreadAttributes.includes(name))).toEqual([]);
    }
    expect(linesOf(lean.write(actual))).toEqual(linesOf(sdp));
    expect(linesOf(whole.write(expected))).toEqual(linesOf(sdp));
  });
});

/** What Chromium offers, with a line of each kind. */
const chromium = [
  'v=0',
  'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0 1 2',
  'a=extmap-allow-mixed',
  'a=msid-semantic: WMS stream',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 63',
  'c=IN IP4 0.0.0.0',
  'a=rtcp:9 IN IP4 0.0.0.0',
  'a=candidate:1162875081 1 udp 2113937151 192.168.34.75 60017 typ host generation 0 network-id 3 network-cost 10',
  'a=ice-ufrag:F7gI',
  'a=ice-pwd:x9cml/YzichV2+XlhiMu8g',
  'a=ice-options:trickle',
  'a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF',
  'a=setup:actpass',
  'a=mid:0',
  'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'a=sendrecv',
  'a=msid:stream 6f0b1c4e-0b3a-4f0e-8f5e-2f6f5d1f8c11',
  'a=rtcp-mux',
  'a=rtcp-rsize',
  'a=rtpmap:111 opus/48000/2',
  'a=rtcp-fb:111 transport-cc',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:63 red/48000/2',
  'a=fmtp:63 111/111',
  'a=ptime:20',
  'a=maxptime:60',
  'a=ssrc:1001 cname:GtCGJBhDyhh8G2wX',
  'a=ssrc:1001 msid:stream 6f0b1c4e-0b3a-4f0e-8f5e-2f6f5d1f8c11',
  'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
  'c=IN IP4 0.0.0.0',
  'b=AS:4000',
  'a=rtcp:9 IN IP4 0.0.0.0',
  'a=ice-ufrag:F7gI',
  'a=ice-pwd:x9cml/YzichV2+XlhiMu8g',
  'a=setup:actpass',
  'a=mid:1',
  'a=extmap:4/sendonly urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=sendonly',
  'a=msid:- 2d5b6b0c-4a58-4ad3-8d2e-7a4c8a3f9d33',
  'a=rtcp-mux',
  'a=rtpmap:96 VP8/90000',
  'a=rtcp-fb:96 goog-remb',
  'a=rtcp-fb:96 nack pli',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
  'a=ssrc-group:FID 2001 2002',
  'a=ssrc:2001 cname:GtCGJBhDyhh8G2wX',
  'a=ssrc:2002 cname:GtCGJBhDyhh8G2wX',
  'a=rid:r0 send',
  'a=rid:r1 send max-width=640',
  'a=simulcast:send r0;r1',
  'a=x-google-flag:conference',
  'a=content:slides',
  'a=label:screen',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=bundle-only',
  'a=mid:2',
  'a=sctp-port:5000',
  'a=max-message-size:262144',
];

/** What Firefox offers, with what it has of its own. */
const firefox = [
  'v=0',
  'o=mozilla...THIS_IS_SDPARTA-99.0 5316458493209837293 0 IN IP4 0.0.0.0',
  's=-',
  't=0 0',
  'a=sendrecv',
  'a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF',
  'a=group:BUNDLE 0',
  'a=ice-options:trickle',
  'a=msid-semantic: WMS *',
  'm=video 9 UDP/TLS/RTP/SAVPF 120 124',
  'c=IN IP4 0.0.0.0',
  'a=sendonly',
  'a=end-of-candidates',
  'a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=extmap:7/sendonly urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'a=fmtp:120 max-fs=12288;max-fr=60',
  'a=fmtp:124 apt=120',
  'a=ice-pwd:e3baa26dd2fa5030d881d385f1e36cce',
  'a=ice-ufrag:58b99ead',
  'a=imageattr:120 send [x=800,y=640]',
  'a=mid:0',
  'a=msid:{stream} {track}',
  'a=rid:hi send',
  'a=rid:lo send',
  'a=rtcp-fb:120 nack',
  'a=rtcp-fb:120 ccm fir',
  'a=rtcp-mux',
  'a=rtcp-rsize',
  'a=rtpmap:120 VP8/90000',
  'a=rtpmap:124 rtx/90000',
  'a=setup:actpass',
  'a=simulcast:send hi;lo',
  'a=ssrc:3735928559 cname:{cname}',
];
