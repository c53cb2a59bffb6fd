import { SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';

const tracer: Tracer = trace.getTracer('parley-sfu');

/** Whose request it is. */
export interface TracedRequest {
  readonly name: string;
  readonly endpointId: string;
  readonly callId: string | undefined;
}

/** One span around a signaling request; ended by the function it answers, with the code of a refusal. */
export function traceRequest({ name, endpointId, callId }: TracedRequest): (refusal?: string) => void {
  const span = tracer.startSpan(`signaling ${name}`, {
    kind: SpanKind.SERVER,
    attributes: {
      'parley.endpoint_id': endpointId,
      ...(callId === undefined ? {} : { 'parley.call_id': callId }),
    },
  });

  return (refusal) => {
    if (refusal !== undefined) {
      span.setAttribute('parley.error_code', refusal);
      span.setStatus({ code: refusal === 'internal' ? SpanStatusCode.ERROR : SpanStatusCode.UNSET });
    }
    span.end();
  };
}
