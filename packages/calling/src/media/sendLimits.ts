import type { MediaSource } from '@parley/protocol';
import type { MediaConstraints, VideoSendConstraints } from './encodingTypes.ts';
import type { Encoding } from './sendProfile.ts';

/** Of one source; undefined where there is no limit. Lines, frames a second, bits a second. */
export type SendLimits = Partial<Record<keyof VideoSendConstraints, number | undefined>>;

/** Of one call, what is sent in total and what is received among them. */
export type CallLimits = Partial<Record<MediaSource | 'send' | 'receive', SendLimits>>;

/** Less than that is no picture, and no sound (RFC 6716, 2.1.1). */
const [leastPicture, leastSound] = [30_000, 6_000];

/** A layer that may have less than this part of its bits is not worth sending. */
const leastShare = 0.3;

/** What sound is sent with at most where all that is sent is limited, bits a second. */
const soundBitrate: Partial<Record<MediaSource, number>> = { microphone: 40_000, screenAudio: 128_000 };

/** The limits with these changed. @throws TypeError for what is no limit. */
export function limitsWith(before: CallLimits, constraints: MediaConstraints): CallLimits {
  const { video, screenSharing, audio, send, receive } = groupOf(constraints);

  return {
    camera: changed(before.camera, video?.send),
    screen: changed(before.screen, screenSharing?.send),
    microphone: changed(before.microphone, audio?.send),
    send: changed(before.send, send),
    receive: changed(before.receive, receive),
  };
}

function changed(before: SendLimits = {}, constraints: VideoSendConstraints = {}): SendLimits {
  const limits: SendLimits = { ...before };
  const { frameHeight, frameRate, bitrate } = groupOf(constraints);
  for (const [name, constraint] of Object.entries({ frameHeight, frameRate, bitrate })) {
    if (constraint !== undefined) {
      const { max } = groupOf(constraint);
      if (!(Number.isFinite(max) && max >= 0)) {
        throw new TypeError(`The constraint ${name} takes { max } with a number that is not negative.`);
      }
      limits[name as keyof SendLimits] = max === 0 ? undefined : max;
    }
  }

  return limits;
}

function groupOf<Group extends object>(group: Group): Group {
  if (typeof group !== 'object' || group === null) {
    throw new TypeError('Constraints are objects.');
  }

  return group;
}

/** The limits of one of the sources that are sent at the moment. */
export function limitsOf(
  source: MediaSource,
  limits: CallLimits,
  sources: Iterable<MediaSource>,
): SendLimits | undefined {
  const own = limits[source];
  const total = limits.send?.bitrate;
  if (total === undefined) {
    return own;
  }
  const bitrate = Math.min(own?.bitrate ?? Infinity, shareOf(source, total, new Set(sources)));

  return { ...own, bitrate };
}

function shareOf(source: MediaSource, total: number, sources: ReadonlySet<MediaSource>): number {
  const soundOf = (of: MediaSource): number => Math.min(soundBitrate[of] ?? 0, total / 4);
  if (source in soundBitrate) {
    return soundOf(source);
  }
  const rest = [...sources].reduce((left, of) => left - soundOf(of), total);
  const isShared = sources.has('camera') && sources.has('screen');

  return !isShared ? rest : source === 'screen' ? (rest * 2) / 3 : rest / 3;
}

/**
 * The encodings that may be sent, the smallest first, and how. The largest that is too high is scaled down to the limit
 * where the one below has fewer lines; those above are left out.
 *
 * @param frameHeight Of what is captured.
 */
export function encodingsWithin(
  encodings: readonly Encoding[],
  { bitrate = Infinity, frameHeight = Infinity, frameRate }: SendLimits,
  capturedHeight = 720,
): (Encoding & { readonly maxFramerate: number | undefined })[] {
  const within: ReturnType<typeof encodingsWithin> = [];
  let left = bitrate;
  let linesBelow = 0;
  for (const encoding of encodings) {
    const { maxBitrate = Infinity, scaleResolutionDownBy: scale = 1 } = encoding;
    if (within.length > 0 && (linesBelow >= frameHeight || left < maxBitrate * leastShare)) {
      break;
    }
    linesBelow = capturedHeight / scale;
    const least = maxBitrate === Infinity ? leastSound : leastPicture;
    const bits = Math.min(maxBitrate, Math.max(left, least));
    left -= bits;
    within.push({
      ...encoding,
      maxBitrate: bits === Infinity ? undefined : Math.round(bits),
      scaleResolutionDownBy: Math.max(scale, capturedHeight / frameHeight),
      maxFramerate: frameRate,
    });
  }

  return within;
}
