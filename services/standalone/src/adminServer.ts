import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorTable, isLoopbackHost, ProtocolError } from '@parley/protocol';
import type { Inspectable } from '@parley/sfu';
import type { Registry } from 'prom-client';
import type { AdminAddress } from './adminAddress.ts';

export interface AdminServerOptions {
  readonly address: Exclude<AdminAddress, 'off'>;
  readonly metrics: Registry;
  readonly sfu: Inspectable;
}

export interface AdminServer {
  readonly url: string;
  /** Idempotent. */
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly contentType?: string;
  readonly body: string;
}

/**
 * What only the operator may see and do, on an address of its own: metrics, dumps of calls, emptying a worker. It asks
 * for no credential; who can reach the address is the operator's choice, and by default that is this machine.
 */
export async function startAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  const { host, port } = options.address;
  const server = createServer((request, response) => void respond(options, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { address, port: taken, family } = server.address() as AddressInfo;

  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
    close: () => closeServer(server),
  };
}

async function respond(
  options: AdminServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, contentType, body } = await answer(options, request).catch(failure);
  // Of HEAD, Node leaves out the body by itself.
  response
    .writeHead(status, {
      'content-type': contentType ?? 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
    })
    .end(body);
}

async function answer(options: AdminServerOptions, request: IncomingMessage): Promise<Answer> {
  const { metrics, sfu } = options;
  if (isFromPage(options, request)) {
    return { status: 403, body: 'Pages may not ask here.\n' };
  }
  const { pathname } = new URL(request.url ?? '/', 'http://admin');
  const [group, id, verb] = pathname.split('/').slice(1);

  const method = request.method === 'HEAD' ? 'GET' : request.method;

  switch ([method, group, verb].join(' ').trim()) {
    case 'GET metrics': {
      return { status: 200, contentType: metrics.contentType, body: await metrics.metrics() };
    }
    case 'GET dump': {
      const dump = id === undefined ? sfu.dumpCalls() : await sfu.dumpCall(id);

      return dump === undefined ? { status: 404, body: 'There is no such call here.\n' } : json(dump);
    }
    case 'GET workers': {
      return id === undefined ? json(sfu.listWorkers()) : nothingThere;
    }
    case 'POST workers drain': {
      const drained = await sfu.drainWorker(Number(id));

      return drained === undefined
        ? { status: 404, body: 'There is no such worker here.\n' }
        : json({ drained });
    }
    default: {
      return nothingThere;
    }
  }
}

const nothingThere: Answer = {
  status: 404,
  body: 'There are GET /metrics, /dump, /dump/{callId} and /workers, and POST /workers/{pid}/drain.\n',
};

function failure(error: unknown): Answer {
  return {
    status: error instanceof ProtocolError ? errorTable[error.code].status : 500,
    body: `${error instanceof Error ? error.message : 'failed'}\n`,
  };
}

function json(value: unknown): Answer {
  return { status: 200, contentType: 'application/json', body: `${JSON.stringify(value, undefined, 2)}\n` };
}

/**
 * A page in a browser on this machine could ask as well: by a form or a script, which name their origin, or under a name
 * of its own that it has pointed at this address (DNS rebinding), which is not the machine's own.
 */
function isFromPage({ address }: AdminServerOptions, { headers }: IncomingMessage): boolean {
  const { hostname } = new URL(`http://${headers.host ?? ''}`);
  const isRebound = isLoopbackHost(address.host) && !isLoopbackHost(hostname);

  return headers.origin !== undefined || headers['sec-fetch-site'] !== undefined || isRebound;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
