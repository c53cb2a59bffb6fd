import type { QualityLevel, QualityReason } from './networkQualityTypes.ts';
import type {
  AudioReceiveStats,
  MediaStatsSample,
  TransportStats,
  VideoReceiveStats,
  VideoSendStats,
} from './mediaStatsTypes.ts';
import { divide } from './rtcStats.ts';

/** One thing that could be better. */
export interface Finding {
  readonly level: Exclude<QualityLevel, 'Unknown'>;
  readonly reason: QualityReason | undefined;
}

export const good: Finding = { level: 'Good', reason: undefined };

/** From where on something can be noticed, and from where on it disturbs. */
interface Bounds {
  readonly poor: number;
  readonly bad: number;
}

/** Share of the packets. Opus conceals some, and of pictures they are sent again, which takes a round trip. */
const loss: Bounds = { poor: 0.03, bad: 0.1 };
/** Seconds. ITU-T G.114 has people notice 150 ms one way and be disturbed by 400; the other's way comes on top. */
const roundTrip: Bounds = { poor: 0.25, bad: 0.6 };
/** Seconds. Jitter buffers of browsers grow with it, and beyond that packets come too late. */
const jitter: Bounds = { poor: 0.05, bad: 0.15 };
/** Share of the time that a picture stood still. */
const frozen: Bounds = { poor: 0.05, bad: 0.3 };
/** Share of the sound that had to be made up. */
const concealed: Bounds = { poor: 0.05, bad: 0.2 };
/** Bits per second: the smallest picture of a camera, and a voice. */
const leastRoom = { picture: 150_000, voice: 40_000 };

const ranks: Record<QualityLevel, number> = { Unknown: 0, Good: 1, Poor: 2, Bad: 3 };

/** Whether the one level is worse than the other. */
export function isWorse(level: QualityLevel, than: QualityLevel): boolean {
  return ranks[level] > ranks[than];
}

/** The first of the worst. */
export function worst(findings: readonly Finding[]): Finding {
  return findings.reduce((found, next) => (isWorse(next.level, found.level) ? next : found), good);
}

/** What this page sends. */
export function judgeSent({ audio, video, screenShare, transports }: MediaStatsSample): Finding {
  const pictures = [...video.send, ...screenShare.send].filter(
    ({ framesPerSecond = 0 }) => framesPerSecond > 0,
  );
  // Of what is not sent any more, the server's last report stays there as it was.
  const sounds = audio.send.filter(({ packetsPerSecond = 0 }) => packetsPerSecond > 0);
  const sent = [...sounds, ...pictures];

  return worst([
    ...sent.map(judgeLoss),
    ...sent.map(({ roundTripTime }) => compare('delay', roundTripTime, roundTrip)),
    ...sounds.map((sound) => compare('delay', sound.jitter, jitter)),
    ...judgePath(transports, 'send'),
    judgeRoom(pictures, transports),
  ]);
}

/** The way on which everything comes that this page receives. */
export function judgeReceivingPath({ transports }: MediaStatsSample): Finding {
  return worst(judgePath(transports, 'receive'));
}

/** Sound that should be heard. */
export function judgeSound(sound: AudioReceiveStats): Finding {
  return worst([
    judgeLoss(sound),
    compare('loss', isSteady(sound) ? sound.concealedFraction : undefined, concealed),
    compare('delay', isSteady(sound) ? sound.jitter : undefined, jitter),
  ]);
}

/** A picture of a camera that should move. @param seconds Since the look before. */
export function judgeCamera(picture: VideoReceiveStats, seconds: number): Finding {
  const { framesPerSecond, freezesDuration } = picture;

  return worst([
    framesPerSecond === 0 ? { level: 'Bad', reason: 'frozen' } : good,
    compare('frozen', divide(freezesDuration, seconds), frozen),
    judgeLoss(picture),
  ]);
}

/** A screen, which may well stand still. */
export function judgeScreen(picture: VideoReceiveStats): Finding {
  return judgeLoss(picture);
}

interface Packets {
  readonly packetsPerSecond: number | undefined;
  readonly fractionLost: number | undefined;
}

function judgeLoss(stream: Packets): Finding {
  return compare('loss', isSteady(stream) ? stream.fractionLost : undefined, loss);
}

/** Of a microphone in a pause, which sends two packets a second, one says nothing of the network. */
function isSteady({ packetsPerSecond = 0 }: Packets): boolean {
  return packetsPerSecond >= 10;
}

/** Whether there is room for what is sent. */
function judgeRoom(pictures: readonly VideoSendStats[], transports: readonly TransportStats[]): Finding {
  const room = transports.find(({ direction }) => direction === 'send')?.availableOutgoingBitrate;
  if (room !== undefined && room < (pictures.length > 0 ? leastRoom.picture : leastRoom.voice)) {
    return { level: 'Bad', reason: 'bandwidth' };
  }

  return pictures.some(({ qualityLimitationReason: limitation }) => limitation === 'bandwidth')
    ? { level: 'Poor', reason: 'bandwidth' }
    : good;
}

function judgePath(transports: readonly TransportStats[], wanted: TransportStats['direction']): Finding[] {
  return transports
    .filter(({ direction }) => direction === wanted)
    .map(({ currentRoundTripTime }) => compare('delay', currentRoundTripTime, roundTrip));
}

function compare(reason: QualityReason, value: number | undefined, { poor, bad }: Bounds): Finding {
  if (value === undefined || value < poor) {
    return good;
  }

  return { level: value < bad ? 'Poor' : 'Bad', reason };
}
