import { SpanStatusCode, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
let sfu: TestSfu;

beforeAll(async () => {
  provider.register();
  sfu = await startTestSfu();
  await sfu.putRoom({ roomId: 'room' });
});
afterAll(async () => {
  await sfu[Symbol.asyncDispose]();
  await provider.shutdown();
  trace.disable();
});

/** Those of the requests of that name, in the order in which they were answered. */
const spansOf = (request: string): ReadableSpan[] =>
  exporter.getFinishedSpans().filter(({ name }) => name === `signaling ${request}`);

describe('the traces of signaling', () => {
  it('have a span for each request, with its call, its endpoint and why it was refused', async () => {
    const alice = await sfu.connect('alice');
    const { call } = await alice.enter('joinRoom', { roomId: 'room', media: await alice.offer() });
    await alice.refusal({ name: 'joinRoom', data: { roomId: 'nowhere', media: await alice.offer() } });
    await alice.request('leaveCall', { callId: call.id });

    const [joined, refused] = spansOf('joinRoom');
    const [left, ...others] = spansOf('leaveCall');
    const endpointId = joined?.attributes['parley.endpoint_id'];
    expect(endpointId).toMatch(/^[0-9a-f-]{36}$/);
    expect(joined?.attributes['parley.call_id']).toBe(call.id);
    expect(joined?.attributes).not.toHaveProperty('parley.error_code');
    expect(refused?.attributes).toMatchObject({
      'parley.endpoint_id': endpointId,
      'parley.error_code': 'room_not_found',
    });
    expect(left?.attributes).toMatchObject({
      'parley.endpoint_id': endpointId,
      'parley.call_id': call.id,
    });
    expect(others).toEqual([]);
    // Who asks in vain is no fault of the service's.
    expect(refused?.status.code).toBe(SpanStatusCode.UNSET);
    expect(JSON.stringify(exporter.getFinishedSpans().map(({ attributes }) => attributes))).not.toContain(
      'alice',
    );
  });
});
