import type { CallNetwork } from '../features/callFeatureTypes.ts';
import type { RemoteParticipant } from '../participants/participantTypes.ts';
import {
  good,
  isWorse,
  judgeCamera,
  judgeReceivingPath,
  judgeScreen,
  judgeSent,
  judgeSound,
  worst,
  type Finding,
} from './judge.ts';
import type { MediaStatsSample } from './mediaStatsTypes.ts';
import type { QualityOrigin } from './networkQualityTypes.ts';
import type { StatsLook } from './StatsWatch.ts';

export interface OriginatedFinding extends Finding {
  readonly origin: QualityOrigin | undefined;
}

/** What one look says of the network. */
export interface Verdict {
  /** Undefined while nothing can be said. */
  readonly send: Finding | undefined;
  readonly receive: Finding | undefined;
  /** Of those of whom something is due. */
  readonly participants: ReadonlyMap<RemoteParticipant, OriginatedFinding>;
}

/** Judges the network by one look at the statistics. */
export function judgeLook(look: StatsLook | undefined, network: CallNetwork): Verdict {
  const connection = judgeConnection(network);
  if (look === undefined) {
    const known = connection.level === 'Good' ? undefined : connection;

    return { send: known, receive: known, participants: new Map() };
  }
  const { sample } = look;
  const found = judgeParticipants(look, network);
  const path = worst([connection, judgeReceivingPath(sample)]);
  // What the server misses, too, says nothing about this page's own way.
  const isTheirs = (participant: RemoteParticipant): boolean =>
    participant.state === 'Reconnecting' || network.weakSenders.includes(participant);
  const present = [...found].filter(([participant]) => !isTheirs(participant));
  const common = commonOf(present.map(([, finding]) => finding));
  const participants = [...found].map(([participant, finding]): [RemoteParticipant, OriginatedFinding] => [
    participant,
    {
      ...finding,
      origin: originOf(finding, { isTheirs: isTheirs(participant), common, path, size: found.size }),
    },
  ]);

  return {
    send: knownOf(sample, 'send', worst([connection, judgeSent(sample)])),
    receive: knownOf(sample, 'receive', worst([path, ...common])),
    participants: new Map(participants),
  };
}

/** That nothing bad was found says nothing where nothing was measured. */
function knownOf(
  { audio, video, screenShare, transports }: MediaStatsSample,
  direction: 'send' | 'receive',
  finding: Finding,
): Finding | undefined {
  const hasMeasured =
    [...audio[direction], ...video[direction], ...screenShare[direction]].some(isMeasured) ||
    transports.some((path) => path.direction === direction && path.currentRoundTripTime !== undefined);

  return hasMeasured || finding.level !== 'Good' ? finding : undefined;
}

interface Packets {
  readonly packetsPerSecond: number | undefined;
}

/** Of the first look at a stream there is nothing to compare with. */
function isCounted({ packetsPerSecond }: Packets): boolean {
  return packetsPerSecond !== undefined;
}

function isMeasured({ packetsPerSecond = 0 }: Packets): boolean {
  return packetsPerSecond > 0;
}

function judgeConnection({ isPathBroken, isConnectionLost }: CallNetwork): Finding {
  // Media goes on while only signaling is lost.
  const level = isPathBroken ? 'Bad' : isConnectionLost ? 'Poor' : 'Good';

  return { level, reason: level === 'Good' ? undefined : 'connection' };
}

function judgeParticipants(
  { sample, streams, seconds }: StatsLook,
  { weakSenders }: CallNetwork,
): Map<RemoteParticipant, Finding> {
  const found = new Map<RemoteParticipant, Finding>();
  for (const { direction, mid, participant, isFlowing } of streams) {
    if (direction === 'receive' && participant !== undefined && isFlowing) {
      const before = found.get(participant);
      const isOfStream = (stats: Packets & { mid: string }): boolean => stats.mid === mid && isCounted(stats);
      const { audio, video, screenShare } = sample;
      const rows = [...audio.receive, ...video.receive, ...screenShare.receive].filter(isOfStream);
      const finding = worst([
        participant.state === 'Reconnecting' ? { level: 'Poor', reason: 'connection' } : good,
        weakSenders.includes(participant) ? { level: 'Poor', reason: 'loss' } : good,
        ...audio.receive.filter(isOfStream).map(judgeSound),
        ...video.receive.filter(isOfStream).map((picture) => judgeCamera(picture, seconds)),
        ...screenShare.receive.filter(isOfStream).map(judgeScreen),
        ...(before === undefined ? [] : [before]),
      ]);
      if (before !== undefined || finding.level !== 'Good' || rows.some(isMeasured)) {
        found.set(participant, finding);
      }
    }
  }

  return found;
}

/** What all participants have in common is this page's own way to the server: the least bad of it. */
function commonOf(findings: readonly Finding[]): Finding[] {
  return findings.length === 0
    ? []
    : [findings.reduce((best, next) => (isWorse(best.level, next.level) ? next : best))];
}

function originOf(
  { level }: Finding,
  {
    isTheirs,
    common,
    path,
    size,
  }: { isTheirs: boolean; common: readonly Finding[]; path: Finding; size: number },
): QualityOrigin | undefined {
  if (level === 'Good') {
    return undefined;
  }
  if (isTheirs || common.some((shared) => isWorse(level, shared.level))) {
    return 'theirs';
  }

  return size > 1 || path.level !== 'Good' ? 'own' : 'unknown';
}
