import { request } from 'node:http';
import { ProtocolError } from '@parley/protocol';
import { Gauge, Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAdminServer, type AdminServer } from './adminServer.ts';

const summary = {
  callId: 'call-1',
  applicationId: 'app-1',
  kind: 'group' as const,
  state: 'connected' as const,
  roomId: undefined,
  participants: { ringing: 0, connected: 2, reconnecting: 0, lobby: 0 },
};

const worker = {
  pid: 7,
  port: 40_000,
  state: 'running' as const,
  load: 0.2,
  cpuSeconds: 12,
  shedding: 'none' as const,
  calls: 1,
  participants: 2,
};

let server: AdminServer;

beforeAll(async () => {
  const metrics = new Registry();
  new Gauge({ name: 'parley_answer', help: 'An answer.', registers: [metrics] }).set(42);
  server = await startAdminServer({
    address: { host: '127.0.0.1', port: 0 },
    metrics,
    sfu: {
      dumpCalls: () => [summary],
      dumpCall: async (callId) =>
        callId === summary.callId
          ? { ...summary, roster: [], media: { forwarding: {}, participants: [] } }
          : undefined,
      listWorkers: () => [worker],
      async drainWorker(pid) {
        if (pid === 9) {
          throw new ProtocolError('unavailable', 'One call could not be moved.');
        }

        return pid === worker.pid ? { pid, port: worker.port } : undefined;
      },
    },
  });
});
afterAll(() => server.close());

interface Asked {
  readonly status: number | undefined;
  readonly body: string;
}

/** Not by fetch, which sends no Host of one's own. */
function ask(path: string, { method = 'GET', headers = {} } = {}): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const asking = request(new URL(path, server.url), { method, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.once('end', () => resolve({ status: response.statusCode, body }));
    });
    asking.once('error', reject).end();
  });
}

describe('the admin server', () => {
  it('shows metrics, dumps calls and empties workers', async () => {
    expect((await ask('/metrics')).body).toContain('parley_answer 42');
    expect(JSON.parse((await ask('/dump')).body)).toMatchObject([
      { callId: 'call-1', participants: { connected: 2 } },
    ]);
    expect(JSON.parse((await ask('/dump/call-1')).body)).toMatchObject({ callId: 'call-1', roster: [] });
    expect(JSON.parse((await ask('/workers')).body)).toEqual([worker]);
    expect(JSON.parse((await ask('/workers/7/drain', { method: 'POST' })).body)).toEqual({
      drained: { pid: 7, port: 40_000 },
    });
  });

  it('answers HEAD as it answers GET, without the body', async () => {
    expect(await ask('/metrics', { method: 'HEAD' })).toEqual({ status: 200, body: '' });
    expect(await ask('/dump/call-2', { method: 'HEAD' })).toEqual({ status: 404, body: '' });
  });

  it('says why a worker could not be emptied', async () => {
    expect(await ask('/workers/9/drain', { method: 'POST' })).toEqual({
      status: 503,
      body: 'One call could not be moved.\n',
    });
  });

  it('knows nothing else', async () => {
    for (const path of ['/', '/dump/call-2', '/workers/7', '/workers/7/drain', '/metrics/more/than/that']) {
      expect(await ask(path)).toMatchObject({ status: 404 });
    }
    expect((await ask('/workers/8/drain', { method: 'POST' })).status).toBe(404);
  });

  it.each([
    ['a script of another origin', { origin: 'https://evil.example' }],
    ['a navigation', { 'sec-fetch-site': 'cross-site' }],
    ['a name pointed at this machine', { host: 'evil.example:9464' }],
    ['no name that could be one', { host: 'evil example' }],
  ])('answers no page: %s', async (_way, headers) => {
    const { status, body } = await ask('/metrics', { headers });

    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).not.toContain('parley_answer');
  });
});
