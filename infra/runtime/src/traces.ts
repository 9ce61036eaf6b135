import { createRequire, syncBuiltinESMExports } from 'node:module'
import { trace } from '@opentelemetry/api'
import type { Logger } from './logs.ts'

export type StartTracingOptions = {
  /** Base URL of an OTLP/HTTP collector; without it nothing is loaded and nothing is traced. */
  readonly endpoint: string | undefined
  readonly service: string
  readonly logger: Logger
}

/** Starts tracing of incoming and outgoing HTTP. Returns what sends the last spans and stops. */
export const startTracing = async ({
  endpoint,
  service,
  logger,
}: StartTracingOptions): Promise<() => Promise<void>> => {
  if (endpoint === undefined) return async () => {}

  // Loaded only now: the SDK costs a process that does not trace some 100 ms and 20 MB.
  const [{ NodeSDK }, { OTLPTraceExporter }, { HttpInstrumentation }, { UndiciInstrumentation }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/instrumentation-http'),
    import('@opentelemetry/instrumentation-undici'),
  ])
  const sdk = new NodeSDK({
    serviceName: service,
    traceExporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` }),
    instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation()],
    // Left out, both would default to exporters that send to a collector too; metrics are scraped and logs go to stdout.
    metricReaders: [],
    logRecordProcessors: [],
  })
  sdk.start()
  // Node's http is instrumented when it is next required, which no ESM import does; the sync is for named imports of it.
  for (const module of ['node:http', 'node:https']) createRequire(import.meta.url)(module)
  syncBuiltinESMExports()
  logger.info({ endpoint }, 'tracing')
  return async () => {
    try {
      await sdk.shutdown()
    } catch (error) {
      logger.warn({ err: error, endpoint }, 'the last traces could not be sent')
    }
  }
}

/** The id of the trace that the current code runs in, as 32 hexadecimal digits. */
export const currentTraceId = (): string | undefined => trace.getActiveSpan()?.spanContext().traceId
