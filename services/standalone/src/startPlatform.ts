import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createApi, ensureDemo, type Demo } from '@parley/api';
import { createMemoryBackplane } from '@parley/backplane';
import { locateWorker } from '@parley/setup';
import { createSfu } from '@parley/sfu';
import type { Logger } from 'pino';
import { readDemoFile, writeDemoFile } from './demoFile.ts';
import type { Environment } from './environment.ts';
import { openDatabase } from './openDatabase.ts';

export interface PlatformOptions {
  environment: Environment;
  logger: Logger;
  /** Root of the checkout: where the built page and SDK lie. */
  checkout: string;
  /** Where the demo file and, when reachable, the embedded database's data lie. */
  stateDir: string;
}

export interface Platform {
  readonly publicUrl: string;
  /** Set while the demo is on. */
  readonly demo: Demo | undefined;
  /** Ends the calls, then the connections, then the workers and the database. Idempotent. */
  close(): Promise<void>;
}

/**
 * Composes api, sfu and page on one port. When a part cannot start, those before it are closed again and the
 * part's error is thrown.
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { environment, logger, checkout, stateDir } = options;
  await using undo = new AsyncDisposableStack();

  // The port first: the commonest failure, found before anything else is started.
  let answer: RequestListener = answerStarting;
  const server = createServer((request, response) => answer(request, response));
  await listen(server, environment);
  undo.defer(() => closeServer(server));
  const { port } = server.address() as AddressInfo;
  const publicUrl = environment.PARLEY_PUBLIC_URL ?? `http://localhost:${port}`;

  const opened = await openDatabase(environment, stateDir);
  undo.defer(() => opened.close());
  const { database } = opened;
  const backplane = createMemoryBackplane();
  undo.defer(() => backplane.close());

  const sfu = await createSfu({
    config: {
      nodeId: 'standalone',
      publicUrl,
      workerBin: environment.MEDIASOUP_WORKER_BIN ?? (await locateWorker()),
      workerCount: environment.PARLEY_MEDIA_WORKERS,
      ...mediaAddresses(environment.PARLEY_ANNOUNCED_ADDRESS),
      rtcMinPort: environment.PARLEY_RTC_MIN_PORT,
      rtcMaxPort: environment.PARLEY_RTC_MAX_PORT,
      ringingTimeoutMs: environment.PARLEY_RINGING_TIMEOUT_SECONDS * 1000,
    },
    backplane,
    logger,
  });
  undo.defer(() => sfu.close());

  const demo = await prepareDemo();
  const api = await createApi({
    config: {
      publicUrl,
      sdkBundlePath: join(checkout, 'packages/calling/dist/parley-calling.js'),
      webRoot: join(checkout, 'services/web/dist'),
    },
    database,
    admission: backplane.admission,
    isReady: () => sfu.isReady(),
    logger,
    demo,
  });
  undo.defer(() => api.close());

  sfu.attach(server);
  answer = api.app;
  const owned = undo.move();

  return { publicUrl, demo, close: () => owned.disposeAsync() };

  async function prepareDemo(): Promise<Demo | undefined> {
    if ((environment.PARLEY_DEMO ?? (environment.DATABASE_URL === undefined ? 'on' : 'off')) === 'off') {
      return undefined;
    }
    const path = join(stateDir, 'demo.json');
    const made = await ensureDemo({
      database,
      admission: backplane.admission,
      publicUrl,
      previous: await readDemoFile(path),
    });
    await writeDemoFile(path, made);

    return made;
  }
}

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

function listen(server: Server, environment: Environment): Promise<void> {
  const { PORT: port, PARLEY_LISTEN_ADDRESS: host } = environment;

  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const cause = { cause: error };
  switch (error.code) {
    case 'EADDRINUSE':
      return new Error(
        `Port ${port} is taken by another program: stop it, or set PORT to a free one.`,
        cause,
      );
    case 'EACCES':
      return new Error(`Port ${port} may not be opened by this user: set PORT to one above 1023.`, cause);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(
        `${host} is no address of this machine: set PARLEY_LISTEN_ADDRESS to one that is.`,
        cause,
      );
    default:
      return new Error(`Cannot listen on ${host}:${port}: ${error.message}.`, cause);
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Calls have ended by now; what is left are idle keep-alive connections.
    server.closeAllConnections();
  });
}
