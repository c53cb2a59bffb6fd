import { createDeferred, systemClock } from '@parley/kit';
import {
  callSettingsWith,
  ProtocolError,
  type ChangedCallSettings,
  type EndReasonName,
  type ProducerInfo,
} from '@parley/protocol';
import { locateWorker } from '@parley/setup';
import { pino } from 'pino';
import type { CallMedia, CallMediaListener, CallMediaOptions } from '../../src/media/mediaTypes.ts';
import { MediasoupMedia, type MediasoupMediaOptions } from '../../src/media/MediasoupMedia.ts';
import { WorkerPool, type WorkerPoolOptions } from '../../src/workers/WorkerPool.ts';
import { openPlainTransports } from './plainTransports.ts';
import { PlainParticipant } from './PlainParticipant.ts';

export interface MediaWorld extends AsyncDisposable {
  readonly pool: WorkerPool;
  readonly media: MediasoupMedia;
  createCall(
    listener?: Partial<CallMediaListener>,
    settings?: ChangedCallSettings,
    options?: Pick<CallMediaOptions, 'userOf'>,
  ): Promise<PlainCall>;
}

export interface JoinOptions {
  readonly expectedVideos?: number;
  /** What they were sending before. */
  readonly producers?: readonly ProducerInfo[];
}

/** A call whose participants do as clients do. */
export interface PlainCall {
  readonly media: CallMedia;
  readonly participants: Map<string, PlainParticipant>;
  /** Why the media was lost, once it is. */
  readonly lost: Promise<EndReasonName>;
  join(id: string, options?: JoinOptions): Promise<PlainParticipant>;
  /** Resolves when everyone's transports have been replaced that often. */
  allReset(times: number): Promise<void>;
}

/** Real workers and calls of plain RTP, without signaling. */
export async function startMediaWorld(
  poolOptions: Partial<WorkerPoolOptions> = {},
  mediaOptions: Partial<MediasoupMediaOptions> = {},
): Promise<MediaWorld> {
  const logger = pino({ level: 'silent' });
  const pool = await WorkerPool.create({
    workerBin: await locateWorker(),
    workerCount: 2,
    listenAddress: '127.0.0.1',
    announcedAddress: undefined,
    rtcMinPort: 44_000,
    rtcMaxPort: 44_999,
    clock: systemClock,
    logger,
    ...poolOptions,
  });
  const media = new MediasoupMedia({
    pool,
    logger,
    clock: systemClock,
    speakerIntervalMs: 300,
    openTransports: openPlainTransports,
    ...mediaOptions,
  });
  const clients: PlainParticipant[] = [];

  return {
    pool,
    media,
    async createCall(listener = {}, settings = {}, options = {}) {
      const participants = new Map<string, PlainParticipant>();
      const lost = createDeferred<EndReasonName>();
      let resetSeen = createDeferred<void>();
      const callMedia = await media.createCallMedia({
        ...options,
        callId: 'call',
        settings: callSettingsWith(settings),
        listener: {
          onSpeakers: () => {},
          onWeakSenders: () => {},
          onAudioSlots: () => {},
          onEncodingsWanted: () => {},
          onExcess: () => {},
          onStreamBarred: (id, producerId) => participants.get(id)?.media.closeProducer(producerId),
          onConsumersAdded: (id, consumers) => void participants.get(id)?.play(consumers).catch(skipMoved),
          onConsumersClosed: (id, consumerIds) => void participants.get(id)?.closed.push(...consumerIds),
          onReset(id, parameters) {
            void participants.get(id)?.rebuild(parameters).catch(skipMoved);
            resetSeen.resolve();
            resetSeen = createDeferred();
          },
          onLost: (reason) => lost.resolve(reason),
          ...listener,
        },
      });

      return {
        media: callMedia,
        participants,
        lost: lost.promise,
        async join(id, { expectedVideos = 0, producers } = {}) {
          const client = await PlainParticipant.open(id, media.routerRtpCapabilities, expectedVideos);
          clients.push(client);
          const entered = await callMedia.addParticipant(id, client.offer, producers);
          // What is told from now on is not in what it enters with.
          participants.set(id, client);
          await client.enter(entered);

          return client;
        },
        async allReset(times) {
          while ([...participants.values()].some(({ resets }) => resets < times)) {
            await resetSeen.promise;
          }
        },
      };
    },
    async [Symbol.asyncDispose]() {
      clients.forEach((client) => client.close());
      await pool.close();
    },
  };
}

/** The media is being moved once more: whoever does so tells when it is time to try again. */
function skipMoved(error: unknown): void {
  if (!(error instanceof ProtocolError)) {
    throw error;
  }
}
