import type { Server as HttpServer } from 'node:http';
import type { Backplane } from '@parley/backplane';
import { systemClock } from '@parley/kit';
import { createSessionVerifier } from '@parley/tokens';
import type { Logger } from 'pino';
import { CallService } from './calls/CallService.ts';
import { EndpointDirectory } from './calls/EndpointDirectory.ts';
import { Surveys } from './calls/features/Surveys.ts';
import { CallJournal } from './calls/recovery/CallJournal.ts';
import {
  defaultAddressHandshakesPerMinute,
  defaultAnonymousSocketsPerAddress,
  defaultJoinsPerCallPerSecond,
  defaultSpeakerIntervalMs,
  type SfuConfig,
} from './config.ts';
import { MediasoupMedia } from './media/MediasoupMedia.ts';
import type { OpenTransports } from './media/ParticipantTransports.ts';
import { SocketServer } from './signaling/SocketServer.ts';
import { turnIceServers } from './turn/iceServers.ts';
import { WorkerPool } from './workers/WorkerPool.ts';

export interface SfuDependencies {
  readonly config: SfuConfig;
  /** Stays its maker's to close. */
  readonly backplane: Backplane;
  readonly logger: Logger;
  /** WebRTC's unless said otherwise; a load generator brings transports of another kind. */
  readonly openTransports?: OpenTransports | undefined;
}

export interface Sfu {
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
  const media = new MediasoupMedia({
    pool,
    clock: systemClock,
    logger,
    speakerIntervalMs: config.speakerIntervalMs ?? defaultSpeakerIntervalMs,
    limits: config.mediaLimits,
    loadLimits: config.loadLimits,
    openTransports,
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
    journal,
    iceServersFor: config.turn === undefined ? () => [] : turnIceServers(config.turn, systemClock),
  });
  if (journal !== undefined) {
    await calls.restore(journal.earlier);
  }
  const stopObeying = backplane.nodeCommands.handle(config.nodeId, (command) => calls.carryOut(command));
  let closing: Promise<void> | undefined;
  const isReady = (): boolean => closing === undefined && pool.isReady;
  const sockets = new SocketServer({
    calls,
    backplane,
    logger,
    isReady,
    nodeId: config.nodeId,
    publicUrl: config.publicUrl,
    trustedProxies: config.trustedProxies ?? [],
    addressHandshakesPerMinute: config.addressHandshakesPerMinute ?? defaultAddressHandshakesPerMinute,
    anonymousSocketsPerAddress: config.anonymousSocketsPerAddress ?? defaultAnonymousSocketsPerAddress,
    joinsPerCallPerSecond: config.joinsPerCallPerSecond ?? defaultJoinsPerCallPerSecond,
    clock: systemClock,
    routerRtpCapabilities: media.routerRtpCapabilities,
    verify: createSessionVerifier({
      issuer: config.publicUrl,
      publicKeys: () => backplane.admission.signingKeys(),
    }),
  });

  return {
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
