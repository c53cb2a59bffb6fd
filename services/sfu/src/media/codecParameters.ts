import type { RtpParameters } from '@parley/protocol';

type Codec = RtpParameters['codecs'][number];
type Value = NonNullable<Codec['parameters']>[string];

const upTo =
  (most: number) =>
  (value: Value): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;

const isSwitch = upTo(1);

/** By media type, the parameters that its RTP payload format has, and what each may say. */
const known: Readonly<Record<string, Readonly<Record<string, (value: Value) => boolean>>>> = {
  // RFC 7587, section 6.1.
  'audio/opus': {
    cbr: isSwitch,
    maxaveragebitrate: upTo(510_000),
    maxplaybackrate: upTo(48_000),
    maxptime: upTo(120),
    minptime: upTo(120),
    ptime: upTo(120),
    'sprop-maxcapturerate': upTo(48_000),
    'sprop-stereo': isSwitch,
    stereo: isSwitch,
    usedtx: isSwitch,
    useinbandfec: isSwitch,
  },
  // RFC 9628, section 6.
  'video/vp9': { 'profile-id': upTo(3) },
  // RFC 6184, section 8.1.
  'video/h264': {
    'level-asymmetry-allowed': isSwitch,
    'packetization-mode': upTo(2),
    'profile-level-id': (value) => typeof value === 'string' && /^[\da-f]{6}$/i.test(value),
  },
  // RFC 4588, section 8.6.
  'video/rtx': { apt: upTo(127) },
};

/**
 * What a sender says of a codec, as far as its receivers may be told it. mediasoup hands the parameters on as they are, and
 * they end in the session descriptions of everybody who receives the stream: a browser refuses a description for good with
 * one that it cannot use in it, be it of its own making (`x-google-min-bitrate` above `x-google-max-bitrate`) or hidden in
 * the value of another, and neither sees nor hears anybody in the call from then on.
 */
export function tellableParameters({ mimeType, parameters = {} }: Codec): NonNullable<Codec['parameters']> {
  const allowed = new Map(Object.entries(known[mimeType.toLowerCase()] ?? {}));

  return Object.fromEntries(
    Object.entries(parameters).filter(([name, value]) => allowed.get(name)?.(value) === true),
  );
}
