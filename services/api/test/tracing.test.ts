import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
let api: TestApi;
let mine: TestApplication;

beforeAll(async () => {
  provider.register();
  api = await startTestApi();
  mine = await api.createApplication();
});
afterAll(async () => {
  await api.close();
  await provider.shutdown();
  trace.disable();
});

describe('the traces of the api', () => {
  it('have a span for each request, named by its operation, below the span of its caller', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    await request(api.app)
      .get('/v1/users/alice')
      .set('Authorization', mine.key)
      .set('traceparent', `00-${traceId}-b7ad6b7169203331-01`);
    await provider.forceFlush();

    const [span] = exporter.getFinishedSpans().filter(({ name }) => name === 'getUser');
    expect(span?.spanContext().traceId).toBe(traceId);
    expect(span?.attributes['http.response.status_code']).toBe(404);
    expect(JSON.stringify(span?.attributes)).not.toContain('alice');
  });
});
