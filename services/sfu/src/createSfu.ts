import type { Server as HttpServer } from 'node:http';
import type { Backplane } from '@parley/backplane';
import { systemClock } from '@parley/kit';
import { maxRequestBytes } from '@parley/protocol';
import { createSessionVerifier } from '@parley/tokens';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { standardCallLimits } from './calls/callLimits.ts';
import { CallService } from './calls/CallService.ts';
import { EndpointDirectory } from './calls/EndpointDirectory.ts';
import { Surveys } from './calls/features/Surveys.ts';
import { CallJournal } from './calls/recovery/CallJournal.ts';
import {
  defaultAddressHandshakesPerMinute,
  defaultAnonymousSocketsPerAddress,
  defaultHandshakeSeconds,
  defaultJoinsPerCallPerSecond,
  defaultSpeakerIntervalMs,
  type SfuConfig,
} from './config.ts';
import { MediasoupMedia } from './media/MediasoupMedia.ts';
import type { OpenTransports } from './media/ParticipantTransports.ts';
import { SfuMetrics } from './metrics/SfuMetrics.ts';
import { countCalls, type CallDump, type CallSummary } from './calls/inspectCalls.ts';
import { SocketServer } from './signaling/SocketServer.ts';
import { turnIceServers } from './turn/iceServers.ts';
import { WorkerPool } from './workers/WorkerPool.ts';

export interface SfuDependencies {
  readonly config: SfuConfig;
  /** Stays its maker's to close. */
  readonly backplane: Backplane;
  readonly logger: Logger;
  /** Where the sfu's metrics are collected from; nowhere by default. */
  readonly metrics?: Registry | undefined;
  /** WebRTC's unless said otherwise; a load generator brings transports of another kind. */
  readonly openTransports?: OpenTransports | undefined;
}

/** What only the operator may see and do. */
export interface Inspectable {
  /** Every live call of this node. */
  dumpCalls(): readonly CallSummary[];
  /** Everything there is to know of one; undefined when it is not here. */
  dumpCall(callId: string): Promise<CallDump | undefined>;
  /**
   * Takes all calls off a media worker, of which another takes the place, and ends it. Answers the port of the one that
   * ended; undefined when there is none of that pid.
   */
  drainWorker(pid: number): Promise<number | undefined>;
}

export interface Sfu extends Inspectable {
  /** Serves signaling on the HTTP server, which stays its maker's to start and to close. */
  attach(server: HttpServer): void;
  /** Whether calls can be placed now: not while every worker is down, nor once `close()` was called. */
  isReady(): boolean;
  /**
   * Ends every call and connection, telling the clients why, then the worker processes; resolves when nothing
   * is left running. Idempotent.
   */
  close(): Promise<void>;
}

/**
 * Starts the media workers and composes the service. Rejects with a sentence for the operator when the workers
 * cannot start or find no free port; nothing is left running then.
 */
export async function createSfu({
  config,
  backplane,
  logger,
  openTransports,
  metrics: registry = new Registry(),
}: SfuDependencies): Promise<Sfu> {
  const journal =
    config.stateDir === undefined
      ? undefined
      : await CallJournal.open({ folder: config.stateDir, clock: systemClock, logger });
  const pool = await WorkerPool.create({
    workerBin: config.workerBin,
    workerCount: config.workerCount,
    listenAddress: config.listenAddress,
    announcedAddress: config.announcedAddress,
    rtcMinPort: config.rtcMinPort,
    rtcMaxPort: config.rtcMaxPort,
    clock: systemClock,
    logger,
  }).catch(async (error: unknown) => {
    await journal?.close();
    throw error;
  });
  const metrics = new SfuMetrics(registry);
  const media = new MediasoupMedia({
    pool,
    clock: systemClock,
    logger,
    speakerIntervalMs: config.speakerIntervalMs ?? defaultSpeakerIntervalMs,
    limits: config.mediaLimits,
    loadLimits: config.loadLimits,
    openTransports,
    onMoved: (cause, participants) => metrics.recovered(cause, participants),
  });
  const nodeUrl = config.nodeUrl ?? config.publicUrl;
  // Before calls are restored: a node that does not live is no room's home.
  const withdraw = await backplane.nodes.announce({ nodeId: config.nodeId, url: nodeUrl });
  const calls = new CallService({
    media,
    backplane,
    logger,
    nodeId: config.nodeId,
    nodeUrl,
    directory: new EndpointDirectory(),
    surveys: new Surveys({ callEvents: backplane.callEvents, clock: systemClock }),
    clock: systemClock,
    settings: config.callSettings ?? {},
    limits: { ...standardCallLimits, ...config.callLimits },
    journal,
    iceServersFor: config.turn === undefined ? () => [] : turnIceServers(config.turn, systemClock),
  });
  if (journal !== undefined) {
    await calls.restore(journal.earlier);
    metrics.recovered('processRestart', calls.summaries.length);
  }
  const stopObeying = backplane.nodeCommands.handle(config.nodeId, (command) => calls.carryOut(command));
  let closing: Promise<void> | undefined;
  const isReady = (): boolean => closing === undefined && pool.isReady;
  const sockets = new SocketServer({
    calls,
    metrics,
    backplane,
    logger,
    isReady,
    nodeId: config.nodeId,
    publicUrl: config.publicUrl,
    trustedProxies: config.trustedProxies ?? [],
    addressHandshakesPerMinute: config.addressHandshakesPerMinute ?? defaultAddressHandshakesPerMinute,
    anonymousSocketsPerAddress: config.anonymousSocketsPerAddress ?? defaultAnonymousSocketsPerAddress,
    handshakeSeconds: config.handshakeSeconds ?? defaultHandshakeSeconds,
    requestBytes: config.requestBytes ?? maxRequestBytes,
    joinsPerCallPerSecond: config.joinsPerCallPerSecond ?? defaultJoinsPerCallPerSecond,
    clock: systemClock,
    routerRtpCapabilities: media.routerRtpCapabilities,
    verify: createSessionVerifier({
      issuer: config.publicUrl,
      publicKeys: () => backplane.admission.signingKeys(),
    }),
  });

  metrics.watch({
    calls: () => countCalls(calls.summaries),
    media: () => media.counts,
    traffic: () => media.traffic(),
    sockets: () => sockets.size,
    workers: () =>
      pool.workers.map(({ port, cpu }) => ({ port, cpuSeconds: cpu.usedSeconds, load: cpu.present })),
  });

  return {
    dumpCalls: () => calls.summaries,
    dumpCall: (callId) => calls.inspect(callId),
    async drainWorker(pid) {
      const worker = pool.workers.find((one) => one.pid === pid);
      await (worker && media.drain(worker));

      return worker?.port;
    },
    attach: (server) => sockets.attach(server),
    isReady,
    close: () => (closing ??= closeAll()),
  };

  async function closeAll(): Promise<void> {
    stopObeying();
    calls.close();
    withdraw();
    await sockets.close();
    await journal?.close();
    await pool.close();
  }
}
