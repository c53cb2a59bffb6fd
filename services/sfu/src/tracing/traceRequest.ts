import { SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';

const tracer: Tracer = trace.getTracer('parley-sfu');

/** Whose request it is. */
export interface TracedRequest {
  readonly name: string;
  readonly endpointId: string;
  readonly callId: () => string | undefined;
}

/** What came of it: the code of a refusal, the call that the answer is of. */
export interface TracedAnswer {
  readonly refusal?: string;
  readonly callId?: string | undefined;
}

/** One span around a signaling request; ended by the function it answers. */
export function traceRequest({ name, endpointId, callId }: TracedRequest): (answer: TracedAnswer) => void {
  const span = tracer.startSpan(`signaling ${name}`, { kind: SpanKind.SERVER });
  if (!span.isRecording()) {
    return () => {};
  }
  const named = callId();
  span.setAttribute('parley.endpoint_id', endpointId);
  if (named !== undefined) {
    span.setAttribute('parley.call_id', named);
  }

  return ({ refusal, callId: answered }) => {
    if (answered !== undefined) {
      span.setAttribute('parley.call_id', answered);
    }
    if (refusal !== undefined) {
      span.setAttribute('parley.error_code', refusal);
      span.setStatus({ code: refusal === 'internal' ? SpanStatusCode.ERROR : SpanStatusCode.UNSET });
    }
    span.end();
  };
}
