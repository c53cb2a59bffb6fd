import type { MediaSource } from '@parley/protocol';
import type { types } from 'mediasoup';
import type { Shedding } from '../workers/shedding.ts';
import type { WorkerState } from '../workers/WorkerPool.ts';
import type { MediasoupParticipantMedia } from './MediasoupParticipantMedia.ts';
import type { Reception } from './Reception.ts';
import { transportStats } from './transportStats.ts';

/** What an operator sees of one direction of a participant's media. */
export interface TransportDump {
  readonly direction: 'send' | 'receive';
  readonly iceState: string | undefined;
  readonly dtlsState: string | undefined;
  /** How the client got through. */
  readonly protocol: string | undefined;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** Bits per second that the client can take, as far as is known. */
  readonly availableOutgoingBitrate: number | undefined;
}

export interface ProducerDump {
  readonly id: string;
  readonly source: MediaSource;
  readonly isPaused: boolean;
  /** mediasoup's score of each encoding, 0 to 10; missing while the stream is lost. */
  readonly scores: readonly number[] | undefined;
}

export interface ConsumerDump {
  readonly producerId: string;
  readonly kind: 'audio' | 'video';
  /** Missing while there is no consumer, as between two workers. */
  readonly id: string | undefined;
  readonly isFlowing: boolean;
  readonly viewport: { readonly width: number; readonly height: number } | undefined;
  readonly preferredLayers: types.ConsumerLayers | undefined;
  readonly currentLayers: types.ConsumerLayers | undefined;
  readonly priority: number | undefined;
}

export interface ParticipantMediaDump {
  readonly participantId: string;
  /** Undefined while they are on the way from one worker to another. */
  readonly workerPid: number | undefined;
  readonly transports: readonly TransportDump[];
  readonly producers: readonly ProducerDump[];
  readonly consumers: readonly ConsumerDump[];
}

/** One worker process, in a list of all. */
export interface WorkerSummary {
  readonly pid: number;
  /** The one that all of its media goes through. */
  readonly port: number;
  readonly state: WorkerState;
  /** As placing and shedding see it: 1 is one core. */
  readonly load: number;
  readonly cpuSeconds: number;
  readonly shedding: Shedding;
  readonly calls: number;
  readonly participants: number;
}

/** What the media of a node comes to. */
export interface MediaCounts {
  readonly transports: number;
  readonly producers: Readonly<Record<MediaSource, number>>;
  readonly consumers: readonly ConsumerCount[];
}

/** How many streams go to somebody in one way. */
export interface ConsumerCount {
  readonly kind: 'audio' | 'video';
  readonly state: 'forwarded' | 'paused';
  /** The spatial layer of pictures that are forwarded, 0 the smallest. */
  readonly layer?: number;
  readonly count: number;
}

/** Those that are counted also when there are none. */
const usualConsumers: readonly ConsumerCount[] = [
  { kind: 'audio', state: 'forwarded', count: 0 },
  { kind: 'audio', state: 'paused', count: 0 },
  ...[0, 1, 2].map((layer) => ({ kind: 'video', state: 'forwarded', layer, count: 0 }) as const),
  { kind: 'video', state: 'paused', count: 0 },
];

export async function inspectParticipant(
  participant: MediasoupParticipantMedia,
): Promise<ParticipantMediaDump> {
  const { transports } = participant;

  return {
    participantId: participant.id,
    workerPid: participant.site?.worker.pid,
    transports:
      transports === undefined
        ? []
        : await Promise.all([
            inspectTransport('send', transports.send),
            inspectTransport('receive', transports.receive),
          ]),
    producers: participant.streams.map(({ id, source, isPaused, producer }) => ({
      id,
      source,
      isPaused,
      scores: producer?.score.map(({ score }) => score),
    })),
    consumers: participant.receptions.all.map((reception) => inspectReception(participant, reception)),
  };
}

export function countMedia(participants: readonly MediasoupParticipantMedia[]): MediaCounts {
  const producers: Record<MediaSource, number> = { microphone: 0, camera: 0, screen: 0, screenAudio: 0 };
  const consumers = new Map<string, ConsumerCount>();
  const add = (counted: ConsumerCount): void => {
    const key = [counted.kind, counted.state, counted.layer].join(' ');
    consumers.set(key, { ...counted, count: counted.count + (consumers.get(key)?.count ?? 0) });
  };
  usualConsumers.forEach(add);
  for (const participant of participants) {
    participant.streams.forEach(({ source }) => (producers[source] += 1));
    participant.receptions.all.forEach((reception) => add(countReception(participant, reception)));
  }

  return {
    transports: 2 * participants.filter(({ transports }) => transports !== undefined).length,
    producers,
    consumers: [...consumers.values()],
  };
}

function countReception({ receptions }: MediasoupParticipantMedia, reception: Reception): ConsumerCount {
  const { kind } = reception.stream;
  if (!receptions.isFlowing(reception)) {
    return { kind, state: 'paused', count: 1 };
  }
  const layer = reception.consumer?.currentLayers?.spatialLayer ?? 0;

  return { kind, state: 'forwarded', ...(kind === 'video' ? { layer } : {}), count: 1 };
}

function inspectReception({ receptions }: MediasoupParticipantMedia, reception: Reception): ConsumerDump {
  const { stream, viewport, consumer } = reception;

  return {
    producerId: stream.id,
    kind: stream.kind,
    id: consumer?.id,
    isFlowing: receptions.isFlowing(reception),
    viewport: viewport && { width: viewport.width, height: viewport.height },
    preferredLayers: consumer?.preferredLayers,
    currentLayers: consumer?.currentLayers,
    priority: consumer?.priority,
  };
}

async function inspectTransport(
  direction: TransportDump['direction'],
  transport: types.Transport,
): Promise<TransportDump> {
  const known = await transportStats(transport);

  return {
    direction,
    iceState: known.iceState,
    dtlsState: known.dtlsState,
    protocol: known.iceSelectedTuple?.protocol,
    bytesReceived: known.bytesReceived ?? 0,
    bytesSent: known.bytesSent ?? 0,
    availableOutgoingBitrate: known.availableOutgoingBitrate,
  };
}
