import { Writable } from 'node:stream'
import { createColors } from 'picocolors'
import { type DestinationStream, type Logger, pino } from 'pino'
import { createRedact, type Redact, serializeError, summarizeError } from './log-redact.ts'
import { visible } from './text.ts'

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

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
}

type Line = { level: number; time: number; msg?: string; [key: string]: unknown }

/** One log line (JSON, redacted already) for a person: `14:02:11 warn  The lane waits account=sales`. */
function formatLine(json: string, color: boolean): string {
  const paint = createColors(color)
  const { level, time, msg = '', ...rest }: Line = JSON.parse(json)
  const word = LEVELS[level] ?? String(level)
  const tint = level >= 50 ? paint.red : level >= 40 ? paint.yellow : paint.green
  const facts = Object.entries(rest).map(([key, value]) => `${visible(key)}=${show(value)}`)
  const clock = new Date(time).toISOString().slice(11, 19)
  return [paint.dim(clock), tint(word.padEnd(5)), visible(msg), paint.dim(facts.join(' '))]
    .filter((part) => part !== '')
    .join(' ')
}

/** Takes pino's JSON lines and writes them readably to `destination`. */
function prettyStream(destination: NodeJS.WritableStream, color: boolean): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      const lines = String(chunk).split('\n').filter(Boolean)
      destination.write(lines.map((line) => `${formatLine(line, color)}\n`).join(''), () => done())
    },
  })
}

function show(value: unknown): string {
  const isWord = typeof value === 'string' && !value.includes(' ')
  return visible(isWord ? value : JSON.stringify(value))
}
