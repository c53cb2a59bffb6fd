import type { MediaSource } from '@parley/protocol';
import type { types } from 'mediasoup';
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

/** What the media of a node comes to. */
export interface MediaCounts {
  readonly transports: number;
  readonly producers: Readonly<Record<MediaSource, number>>;
  /** By the spatial layer that is forwarded, 0 the smallest, and `none` while nothing is. */
  readonly consumers: readonly {
    readonly kind: 'audio' | 'video';
    readonly layer: string;
    readonly count: number;
  }[];
}

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
  const consumers = new Map<string, { kind: 'audio' | 'video'; layer: string; count: number }>();
  for (const participant of participants) {
    participant.streams.forEach(({ source }) => (producers[source] += 1));
    for (const reception of participant.receptions.all) {
      const { kind } = reception.stream;
      const isFlowing = participant.receptions.isFlowing(reception);
      const layer = isFlowing ? String(reception.consumer?.currentLayers?.spatialLayer ?? 0) : 'none';
      const entry = consumers.get(`${kind} ${layer}`) ?? { kind, layer, count: 0 };
      entry.count += 1;
      consumers.set(`${kind} ${layer}`, entry);
    }
  }

  return {
    transports: 2 * participants.filter(({ transports }) => transports !== undefined).length,
    producers,
    consumers: [...consumers.values()],
  };
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
