import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { context, diag, propagation, trace } from '@opentelemetry/api';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTracing } from './tracing.ts';

const execute = promisify(execFile);

/** Tells what is imported until tracing has started, in a process of its own. */
const script = `
  import { registerHooks } from 'node:module';
  const asked = [];
  registerHooks({ resolve: (name, context, next) => (asked.push(name), next(name, context)) });
  const { startTracing } = await import(process.argv[1]);
  await startTracing({ environment: process.env, nodeId: 'node1', logger: {} });
  console.log(asked.filter((name) => name.includes('opentelemetry')).length);
  process.exit();
`;

async function importsWith(variables: Record<string, string>): Promise<number> {
  const args = ['--input-type=module', '-e', script, join(import.meta.dirname, 'tracing.ts')];

  return Number((await execute(process.execPath, args, { env: variables })).stdout);
}

describe('without a collector', () => {
  it('nothing of OpenTelemetry is loaded', async () => {
    const collector = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };

    expect(await importsWith({})).toBe(0);
    expect(await importsWith({ ...collector, OTEL_SDK_DISABLED: 'true' })).toBe(0);
    expect(await importsWith(collector)).toBeGreaterThan(3);
  });
});

describe('with a collector', () => {
  let collector: Server;
  let received: string;
  let log: string[];
  beforeEach(async () => {
    received = '';
    log = [];
    collector = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => (received += chunk.toString()));
      request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const { port } = collector.address() as AddressInfo;
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${port}`);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    for (const api of [trace, context, propagation, diag]) {
      api.disable();
    }
    collector.close();
  });

  async function traceOnce(): Promise<void> {
    const stop = await startTracing({
      environment: process.env,
      nodeId: 'node1',
      logger: pino({}, { write: (line) => void log.push(line) }),
    });
    trace.getTracer('test').startSpan('an operation').end();
    await stop();
  }

  it('a trace says which node it is of, and what else the operator says of it', async () => {
    vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'deployment.environment.name=blue');
    vi.stubEnv('OTEL_SERVICE_NAME', 'calls');
    await traceOnce();

    expect(received).toContain('an operation');
    for (const [key, value] of [
      ['service.name', 'calls'],
      ['service.instance.id', 'node1'],
      ['deployment.environment.name', 'blue'],
    ] as const) {
      expect(received).toContain(JSON.stringify({ key, value: { stringValue: value } }));
    }
    expect(log).toEqual([]);
  });

  it('one that does not answer is told of in the log', async () => {
    collector.close();
    vi.stubEnv('OTEL_EXPORTER_OTLP_TIMEOUT', '500');
    await traceOnce();

    expect(log).toHaveLength(1);
    expect(JSON.parse(log[0] ?? '')).toMatchObject({ level: 40, msg: 'traces disturbed' });
    expect(log[0]).toContain('ECONNREFUSED');
  });
});
