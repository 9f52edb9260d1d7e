import { type DestinationStream, type Logger, pino } from 'pino'
import { serializeError, summarizeError } from './log-errors.ts'
import { prettyStream } from './log-pretty.ts'
import { createRedact, type Redact } from './log-redact.ts'

export type { Logger } from 'pino'

export type LoggerOptions = {
  /** pino's levels, or `silent`. */
  level: string
  /** Where lines go; standard output when absent. */
  destination?: NodeJS.WritableStream | undefined
  /** Lines for a person instead of JSON. */
  pretty?: boolean | undefined
}

type LogArguments = Parameters<Logger['info']>

/**
 * The one place where it is decided what a log may hold: the caller cannot forget it. Errors go under
 * `err`; unforeseen ones are reduced to class, code and place.
 */
export function createLogger({ level, destination, pretty = false }: LoggerOptions): Logger {
  const redact = createRedact()
  const log = pino(
    {
      level,
      base: null,
      formatters: { log: redact },
      // `err` is an error or nothing; the formatter has turned errors into plain facts before.
      serializers: { err: (value: unknown) => (isFacts(value) ? value : serializeError(value)) },
      hooks: {
        logMethod(args, method) {
          method.apply(this, withSafeMessage(args))
        },
      },
    },
    target(destination ?? process.stdout, pretty),
  )
  return redactBindings(log, redact)
}

/** pino does not pass its formatter of bindings on to children, so `child` itself has to redact. */
function redactBindings(log: Logger, redact: Redact): Logger {
  const { child } = log
  const redactingChild: Logger['child'] = function (this: Logger, bindings, options) {
    return child.call(this, redact(bindings), options) as never
  }
  return Object.assign(log, { child: redactingChild })
}

/** pino takes the message of an error when a line has none; here it is the safe one. */
function withSafeMessage(args: LogArguments): LogArguments {
  const [first, message, ...rest] = args as [unknown, string | undefined, ...unknown[]]
  if (message !== undefined) return args
  const error = first instanceof Error ? first : errorOf(first)
  return error === undefined ? args : ([first, summarizeError(error), ...rest] as LogArguments)
}

function errorOf(value: unknown): Error | undefined {
  if (typeof value !== 'object' || value === null || !('err' in value)) return undefined
  return value.err instanceof Error ? value.err : undefined
}

function isFacts(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Error)
}

function target(destination: NodeJS.WritableStream, pretty: boolean): DestinationStream {
  if (!pretty) return destination
  const color = 'isTTY' in destination && destination.isTTY === true && !process.env.NO_COLOR
  return prettyStream(destination, color)
}
