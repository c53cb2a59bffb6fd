import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createApi, demoApplicationId, ensureDemo, startJobs, type Demo } from '@parley/api';
import type { Database } from '@parley/db';
import { locateWorker } from '@parley/setup';
import { createSfu, type Sfu } from '@parley/sfu';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { standardAdminAddress } from './adminAddress.ts';
import { startAdminServer, type AdminServer } from './adminServer.ts';
import { demoFileIn } from './demoFile.ts';
import { isProduction, type Environment } from './environment.ts';
import { limitsOfSfu } from './limits.ts';
import { closeServer, listen } from './listen.ts';
import { ensureMasterKey } from './masterKey.ts';
import { NodeFolder } from './NodeFolder.ts';
import { openBackplane } from './openBackplane.ts';
import { openDatabase } from './openDatabase.ts';
import { prepareDemo, wantsDemo, type PreparedDemo } from './prepareDemo.ts';
import { ensureStateDir } from './stateDir.ts';

export interface PlatformOptions {
  environment: Environment;
  logger: Logger;
  /** Root of the checkout: where the built page and SDK lie. */
  checkout: string;
  /**
   * Where the demo file, the master key, what outlives a restart of this node and, when reachable, the embedded
   * database's data lie.
   */
  stateDir: string;
  /** Told, one line each, what the start has to clear up first. */
  notice: (line: string) => void;
}

export interface Platform {
  readonly publicUrl: string;
  /** Where the operator is served; undefined when nowhere. */
  readonly adminUrl: string | undefined;
  /** Set while the demo is on. */
  readonly demo: Demo | undefined;
  /** Where the demo is written to while it is on. */
  readonly demoFile: string;
  /** Whether there is a key to make applications with. */
  readonly hasOperatorKey: boolean;
  /** Without one nobody can sign in. */
  readonly hasApplications: boolean;
  /** Ends the connections, then the workers and the database; calls go on in the next process. Idempotent. */
  close(): Promise<void>;
}

/**
 * Composes api, sfu and page on one port. When a part cannot start, those before it are closed again and the
 * part's error is thrown.
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { environment, logger, checkout, stateDir, notice } = options;
  await using undo = new AsyncDisposableStack();

  // The port first: the commonest failure, found before anything else is started.
  let answer: RequestListener = answerStarting;
  const server = createServer((request, response) => answer(request, response));
  server.requestTimeout = requestTimeoutMs;
  await listen(server, environment);
  undo.defer(() => closeServer(server));
  const { port } = server.address() as AddressInfo;
  const publicUrl = environment.PARLEY_PUBLIC_URL ?? `http://localhost:${port}`;

  await ensureStateDir(stateDir);
  const opened = await openDatabase({ environment, stateDir, notice });
  undo.defer(() => opened.close());
  const { database } = opened;
  if (isProduction(environment)) {
    await refuseDemo(database);
  }
  const masterKey = environment.PARLEY_MASTER_KEY ?? (await ensureMasterKey(opened.dataDir ?? stateDir));
  const nodeId = nodeIdOf(environment);
  const nodeFolder = await NodeFolder.open({ stateDir, nodeId, logger });
  undo.defer(() => nodeFolder.close());
  const backplane = await openBackplane({ environment, eventsDir: nodeFolder.eventsDir, logger });
  undo.defer(() => backplane.close());

  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  undo.defer(() => metrics.clear());

  let sfu: Sfu | undefined;
  const prepared = await prepare();
  const operatorKey = prepared?.operatorKey ?? environment.PARLEY_OPERATOR_KEY;
  const hasApplications = (await database.application.count()) > 0;
  const api = await createApi({
    config: {
      publicUrl,
      sdkBundlePath: join(checkout, 'packages/calling/dist/parley-calling.js'),
      sdkReferenceRoot: join(checkout, 'packages/reference/dist'),
      webRoot: join(checkout, 'services/web/dist'),
      trustedProxies: environment.PARLEY_TRUSTED_PROXIES,
      addressRequestsPerMinute: environment.PARLEY_ADDRESS_REQUESTS_PER_MINUTE,
      operatorRequestsPerMinute: environment.PARLEY_OPERATOR_REQUESTS_PER_MINUTE,
      databaseConnections: environment.PARLEY_DATABASE_CONNECTIONS,
    },
    database,
    backplane,
    masterKey,
    operatorKey,
    isReady: () => sfu?.isReady() ?? false,
    logger,
    metrics,
    demo: prepared?.demo,
  });
  undo.defer(() => api.close());
  const jobs = await startJobs({
    databaseUrl: opened.url,
    services: api.jobServices,
    retention: {
      auditDays: environment.PARLEY_AUDIT_RETENTION_DAYS,
      callDays: environment.PARLEY_CALL_RETENTION_DAYS,
      signingKeyDays: environment.PARLEY_SIGNING_KEY_DAYS,
    },
  });
  undo.defer(() => jobs.close());

  // Begun after the api so that it is closed before: connections end while everything else still answers.
  sfu = await createSfu({
    config: {
      nodeId,
      publicUrl,
      nodeUrl: environment.PARLEY_NODE_URL,
      stateDir: nodeFolder.callsDir,
      trustedProxies: environment.PARLEY_TRUSTED_PROXIES,
      addressHandshakesPerMinute: environment.PARLEY_ADDRESS_HANDSHAKES_PER_MINUTE,
      workerBin: await locateWorker(),
      workerCount: environment.PARLEY_MEDIA_WORKERS,
      ...mediaAddresses(environment.PARLEY_ANNOUNCED_ADDRESS),
      rtcMinPort: environment.PARLEY_RTC_MIN_PORT,
      rtcMaxPort: environment.PARLEY_RTC_MAX_PORT,
      hasAv1: environment.PARLEY_AV1 === 'on',
      turn: turnConfig(environment),
      callSettings: environment.PARLEY_CALL_SETTINGS,
      ...limitsOfSfu(environment.PARLEY_LIMITS),
    },
    backplane,
    logger,
    metrics,
  });
  undo.defer(() => sfu.close());
  const admin = await startAdmin(sfu);
  undo.defer(() => admin?.close());

  sfu.attach(server);
  answer = api.app;
  const owned = undo.move();

  return {
    publicUrl,
    adminUrl: admin?.url,
    demo: prepared?.demo,
    demoFile: demoFileIn(stateDir),
    hasOperatorKey: operatorKey !== undefined,
    hasApplications,
    close: () => owned.disposeAsync(),
  };

  /** One that was asked for and cannot be had is a fault; the one that is there by itself is done without. */
  async function startAdmin(inspected: Sfu): Promise<AdminServer | undefined> {
    const asked = environment.PARLEY_ADMIN_ADDRESS;
    if (asked === 'off') {
      return undefined;
    }
    try {
      return await startAdminServer({ address: asked ?? standardAdminAddress, metrics, sfu: inspected });
    } catch (error) {
      if (asked !== undefined) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`PARLEY_ADMIN_ADDRESS cannot be listened on: ${reason}.`, { cause: error });
      }
      logger.warn({ err: error }, 'metrics and dumps are served nowhere: set PARLEY_ADMIN_ADDRESS');

      return undefined;
    }
  }

  async function prepare(): Promise<PreparedDemo | undefined> {
    if (!wantsDemo(environment, publicUrl)) {
      return undefined;
    }

    return prepareDemo({
      ensure: (previous) => ensureDemo({ database, admission: backplane.admission, publicUrl, previous }),
      // Beside the data too: another platform started from this checkout writes its own into the first place.
      folders: [...(opened.dataDir === undefined ? [] : [opened.dataDir]), stateDir],
      operatorKey: environment.PARLEY_OPERATOR_KEY,
    });
  }
}

/** What the others, logs and traces call this process. */
export function nodeIdOf({ PARLEY_NODE_ID = 'standalone' }: Environment): string {
  return PARLEY_NODE_ID;
}

/** Its passwords were told to everybody who asked for the page. */
async function refuseDemo(database: Database): Promise<void> {
  if ((await database.application.count({ where: { id: demoApplicationId } })) > 0) {
    throw new Error(
      `The database holds the demo application, whose passwords are public: start with another database, or delete it (DELETE /v1/applications/${demoApplicationId}) while NODE_ENV is not production.`,
    );
  }
}

/** Nothing a client sends is large; who takes longer is holding the line on purpose. */
const requestTimeoutMs = 15_000;

/** The port is open before there is anything behind it. */
const answerStarting: RequestListener = (_request, response) => {
  response.writeHead(503, { 'retry-after': '1' }).end();
};

/** Nobody but this machine reaches media until the operator says under which address others do. */
function mediaAddresses(announcedAddress: string | undefined) {
  return announcedAddress === undefined
    ? { listenAddress: '127.0.0.1' }
    : { listenAddress: '0.0.0.0', announcedAddress };
}

function turnConfig({ PARLEY_TURN_URLS, PARLEY_TURN_SECRET, PARLEY_TURN_TTL_SECONDS }: Environment) {
  return PARLEY_TURN_URLS.length === 0 || PARLEY_TURN_SECRET === undefined
    ? undefined
    : { urls: PARLEY_TURN_URLS, secret: PARLEY_TURN_SECRET, ttlSeconds: PARLEY_TURN_TTL_SECONDS };
}
