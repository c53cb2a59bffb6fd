import type { Logger } from 'pino';

/** Sends what was measured and stops. */
export type StopTracing = () => Promise<void>;

export interface TracingOptions {
  /** Of this process: OpenTelemetry's own parts read the rest of their variables by themselves. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Tells this process from others in what is sent. */
  readonly nodeId: string;
  readonly logger: Logger;
}

/** A collector that is away is complained of with every batch. */
const complaintPauseMs = 60_000;

/**
 * Sends traces to an OpenTelemetry collector when the variables of OpenTelemetry's specification name one; by default
 * nothing is measured, and nothing of OpenTelemetry's SDK is even loaded.
 */
export async function startTracing({ environment, nodeId, logger }: TracingOptions): Promise<StopTracing> {
  const endpoint =
    environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ?? environment['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (endpoint === undefined || endpoint === '' || environment['OTEL_SDK_DISABLED'] === 'true') {
    return async () => {};
  }
  const [
    { diag, DiagLogLevel },
    { BatchSpanProcessor, NodeTracerProvider },
    { OTLPTraceExporter },
    resources,
  ] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  diag.setLogger(complaintsTo(logger), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const own = resources.resourceFromAttributes({ 'service.name': 'parley', 'service.instance.id': nodeId });
  const provider = new NodeTracerProvider({
    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the last word.
    resource: own.merge(resources.detectResources({ detectors: [resources.envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();

  // What could not be sent until the end is no fault of the platform's.
  return () => provider.shutdown().catch((error: unknown) => diag.error(String(error)));
}

/** OpenTelemetry's complaints, one in a while. */
function complaintsTo(logger: Logger) {
  let silentUntilMs = 0;
  const complain = (detail: string): void => {
    const nowMs = Date.now();
    if (nowMs >= silentUntilMs) {
      silentUntilMs = nowMs + complaintPauseMs;
      logger.warn({ detail }, 'traces disturbed');
    }
  };
  const ignore = (): void => {};

  return { error: complain, warn: complain, info: ignore, debug: ignore, verbose: ignore };
}
