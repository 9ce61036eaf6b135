import { createRequire, syncBuiltinESMExports } from 'node:module'
import { SpanStatusCode, context, propagation, trace } from '@opentelemetry/api'
import type { Attributes, Span } from '@opentelemetry/api'
import type { Logger } from './logs.ts'

export type StartTracingOptions = {
  /** Base URL of an OTLP/HTTP collector; without it nothing is loaded and nothing is traced. */
  readonly endpoint: string | undefined
  readonly service: string
  readonly logger: Logger
}

/** Whether this process traces: spans of our own cost nothing where it does not. */
let isTracing = false

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
  isTracing = true
  // Node's http is instrumented when it is next required, which no ESM import does; the sync is for named imports of it.
  for (const module of ['node:http', 'node:https']) createRequire(import.meta.url)(module)
  syncBuiltinESMExports()
  logger.info({ endpoint }, 'tracing')
  return async () => {
    isTracing = false
    try {
      await sdk.shutdown()
    } catch (error) {
      logger.warn({ err: error, endpoint }, 'the last traces could not be sent')
    }
  }
}

/** Begins a span of the current trace that ends, failed or not, when the returned function is called. */
export const beginSpan = (name: string, attributes: Attributes = {}): ((error?: unknown) => void) => {
  if (!isTracing) return () => {}
  const span = tracer().startSpan(name, { attributes })
  return (error) => endSpan(span, error)
}

/** Runs something as a span of the current trace, with what it calls below. */
export const traced = <Value>(name: string, attributes: Attributes, run: () => Promise<Value>): Promise<Value> => {
  if (!isTracing) return run()
  return tracer().startActiveSpan(name, { attributes }, async (span) => {
    try {
      const value = await run()
      endSpan(span)
      return value
    } catch (error) {
      endSpan(span, error)
      throw error
    }
  })
}

/** The same for something that only begins others: the span ends when it returns. */
export const tracedStart = <Value>(name: string, attributes: Attributes, run: () => Value): Value => {
  if (!isTracing) return run()
  return tracer().startActiveSpan(name, { attributes }, (span) => {
    try {
      const value = run()
      endSpan(span)
      return value
    } catch (error) {
      endSpan(span, error)
      throw error
    }
  })
}

/** The current trace and span as a message tells them (`traceparent` of W3C Trace Context); undefined without any. */
export const currentTraceparent = (): string | undefined => {
  if (!isTracing) return undefined
  const carrier: { traceparent?: string } = {}
  propagation.inject(context.active(), carrier)
  return carrier.traceparent
}

/** Runs something in the trace that a message told of; in the current one where it told of none. */
export const inTrace = <Value>(traceparent: string | undefined, run: () => Value): Value => {
  if (!isTracing || traceparent === undefined) return run()
  return context.with(propagation.extract(context.active(), { traceparent }), run)
}

const tracer = (): ReturnType<typeof trace.getTracer> => trace.getTracer('codai')

const endSpan = (span: Span, error?: unknown): void => {
  if (error !== undefined) {
    span.setStatus({ code: SpanStatusCode.ERROR, ...(error instanceof Error && { message: error.message }) })
  }
  span.end()
}

/** The id of the trace that the current code runs in, as 32 hexadecimal digits. */
export const currentTraceId = (): string | undefined => trace.getActiveSpan()?.spanContext().traceId
