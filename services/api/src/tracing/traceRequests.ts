import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { operationOf } from '../metrics/measureRequests.ts';

/**
 * One span for each request, named by its operation (OpenTelemetry's conventions for HTTP). Without a tracer that the
 * process has registered, this is next to nothing.
 */
export function traceRequests(): RequestHandler {
  const tracer = trace.getTracer('parley-api');

  return (request, response, next) => {
    const caller = propagation.extract(context.active(), request.headers);
    const attributes = { 'http.request.method': request.method };
    const span = tracer.startSpan(request.method, { kind: SpanKind.SERVER, attributes }, caller);
    response.once('close', () => {
      const { statusCode } = response;
      span.updateName(operationOf(response));
      span.setAttribute('http.response.status_code', statusCode);
      if (statusCode >= 500) {
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    });

    context.with(trace.setSpan(caller, span), next);
  };
}
