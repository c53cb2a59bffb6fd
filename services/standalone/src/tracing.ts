/** Sends what was measured and stops. */
export type StopTracing = () => Promise<void>;

/**
 * Sends traces to an OpenTelemetry collector when the variables of OpenTelemetry's specification name one; by default
 * nothing is measured, and nothing of OpenTelemetry's SDK is even loaded.
 */
export async function startTracing(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<StopTracing> {
  const endpoint =
    environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ?? environment['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (endpoint === undefined || endpoint === '' || environment['OTEL_SDK_DISABLED'] === 'true') {
    return async () => {};
  }
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': environment['OTEL_SERVICE_NAME'] ?? 'parley' }),
    // It reads endpoint, headers and timeout from the same variables by itself.
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();

  return () => provider.shutdown();
}
