import { objectIdSchema, type ErrorCode } from '@parley/protocol';
import type { SfuMetrics } from '../metrics/SfuMetrics.ts';
import { traceRequest } from '../tracing/traceRequest.ts';
import { entersCall, type ParsedEnvelope } from './dispatch.ts';

/** One request under way; exactly one of the two is called. */
export interface MeasuredRequest {
  /** The call it names, if it names one. */
  readonly callId: string | undefined;
  answered(data: unknown): void;
  refused(code: ErrorCode): void;
}

/** Measures and traces one request: how long it took, and what came of an entrance or a return. */
export function measureRequest(
  { name, data }: ParsedEnvelope,
  { endpointId, metrics }: { readonly endpointId: string; readonly metrics: SfuMetrics },
): MeasuredRequest {
  const startedAtMs = performance.now();
  // Not parsed yet: what is no id has no place in log and trace. Most requests need it for neither.
  const callId = (): string | undefined => objectIdSchema.safeParse(propertyOf(data, 'callId')).data;
  const endSpan = traceRequest({ name, endpointId, callId });
  const finish = (outcome: string): void =>
    metrics.answered(name, outcome, (performance.now() - startedAtMs) / 1000);

  return {
    get callId() {
      return callId();
    },
    answered(answer) {
      finish('ok');
      const action = stringOf(answer, 'action');
      if (entersCall(name) && action !== undefined) {
        metrics.joined(action);
      } else if (name === 'resume' && (action === 'resume' || action === 'rejoin')) {
        metrics.recovered(action);
      } else if (name === 'restartIce') {
        metrics.recovered('iceRestart');
      }
      // Who enters knows the call only now.
      endSpan({ callId: stringOf(propertyOf(answer, 'call'), 'id') });
    },
    refused(code) {
      finish(code);
      if (entersCall(name)) {
        metrics.joined(code);
      }
      endSpan({ refusal: code });
    },
  };
}

function stringOf(value: unknown, key: string): string | undefined {
  const found = propertyOf(value, key);

  return typeof found === 'string' ? found : undefined;
}

function propertyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value
    ? value[key as keyof typeof value]
    : undefined;
}
