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
  defaultSpeakerIntervalMs,
  type SfuConfig,
} from './config.ts';
import type { WorkerSummary } from './media/inspectMedia.ts';
import { MediasoupMedia } from './media/MediasoupMedia.ts';
import type { OpenTransports } from './media/ParticipantTransports.ts';
import { SfuMetrics } from './metrics/SfuMetrics.ts';
import { watchNode } from './metrics/watchNode.ts';
import { Probes } from './probes/Probes.ts';
import { countCalls, type CallDump, type CallSummary } from './calls/inspectCalls.ts';
import { standardRequestCosts } from './signaling/requestCosts.ts';
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
  /** Every media worker of this node. */
  listWorkers(): readonly WorkerSummary[];
  /**
   * Takes all calls off a media worker, of which another takes the place, and ends it; whoever asks meanwhile gets the
   * same answer. Answers undefined when there is none of that pid; rejects with a sentence for the operator.
   */
  drainWorker(pid: number): Promise<DrainedWorker | undefined>;
}

export type DrainedWorker = Pick<WorkerSummary, 'pid' | 'port'>;

export interface Sfu extends Inspectable {
  /** Serves signaling on the HTTP server, which stays its maker's to start and to close. */
  attach(server: HttpServer): void;
  /** Whether calls can be placed now: not while every worker is down, nor once `close()` was called. */
  isReady(): boolean;
  /**
   * Ends every connection, telling the clients why, then the worker processes; resolves when nothing is left running. Of
   * the calls those end that the next process cannot go on with. Idempotent.
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
    hasAv1: config.hasAv1,
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
  const withdraw = await backplane.nodes
    .announce({ nodeId: config.nodeId, url: nodeUrl })
    .catch(async (error: unknown) => {
      await journal?.close();
      await pool.close();
      throw error;
    });
  const limits = { ...standardCallLimits, ...config.callLimits };
  const iceServersFor = config.turn === undefined ? () => [] : turnIceServers(config.turn, systemClock);
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
    limits,
    journal,
    iceServersFor,
  });
  const probes = new Probes({
    media,
    logger,
    clock: systemClock,
    perMinute: limits.probesPerMinute,
    iceServersFor,
  });
  if (journal !== undefined) {
    await calls.restore(journal.earlier);
    metrics.recovered('processRestart', countCalls(calls.summaries).participants.reconnecting);
  }
  const stopObeying = backplane.nodeCommands.handle(config.nodeId, (command) => calls.carryOut(command));
  let closing: Promise<void> | undefined;
  const isReady = (): boolean => closing === undefined && pool.isReady;
  const sockets = new SocketServer({
    calls,
    probes,
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
    requestCosts: { ...standardRequestCosts, ...config.requestCosts },
    clock: systemClock,
    routerRtpCapabilities: media.routerRtpCapabilities,
    verify: createSessionVerifier({
      issuer: config.publicUrl,
      publicKeys: () => backplane.admission.signingKeys(),
    }),
  });

  watchNode(registry, {
    calls: () => countCalls(calls.summaries),
    media: () => media.counts,
    traffic: () => media.traffic(),
    sockets: () => sockets.size,
    workers: () => media.workers,
  });

  return {
    dumpCalls: () => calls.summaries,
    dumpCall: (callId) => calls.inspect(callId),
    listWorkers: () => media.workers,
    async drainWorker(pid) {
      const drained = await media.drain(pid);

      return drained && { pid, port: drained.port };
    },
    attach: (server) => sockets.attach(server),
    isReady,
    close: () => (closing ??= closeAll()),
  };

  async function closeAll(): Promise<void> {
    stopObeying();
    const isComingBack = calls.close();
    // What goes on stays this node's for as long as it would be had the process been killed.
    if (!isComingBack) {
      withdraw();
    }
    await sockets.close();
    await journal?.close();
    await pool.close();
  }
}
