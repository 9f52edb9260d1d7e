import { createHmac, randomBytes } from 'node:crypto'
import { Writable } from 'node:stream'
import { createColors } from 'picocolors'
import { type DestinationStream, type Logger, pino } from 'pino'
import { BridgeError } from './errors.ts'
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

/** Never written at all: secrets and what people wrote. Compared without case, `-` and `_`. */
const HIDDEN = new Set([
  'admintoken',
  'apiaccesstoken',
  'apikey',
  'authorization',
  'body',
  'caption',
  'content',
  'conversation',
  'cookie',
  'email',
  'json',
  'messagebody',
  'metricstoken',
  'name',
  'notify',
  'password',
  'personalaccesstoken',
  'pushname',
  'qr',
  'qrcode',
  'rawbody',
  'secret',
  'sessionid',
  'setcookie',
  'text',
  'token',
  'verifiedbizname',
  'webhooksecret',
  'webhooktoken',
  'xchatwootsignature',
  'xwebhooksignature',
])

/** Phone numbers and addresses that hold one: written as a fingerprint, so that lines can still be related. */
const FINGERPRINTED = new Set([
  'chat',
  'chatid',
  'cleanedparticipantpn',
  'cleanedsenderpn',
  'from',
  'identifier',
  'jid',
  'lane',
  'lid',
  'participant',
  'participantpn',
  'phone',
  'phonenumber',
  'pn',
  'remotejid',
  'remotejidalt',
  'senderlid',
  'senderpn',
  'sourceid',
  'to',
])

const REDACTED = '[redacted]'
const MAX_DEPTH = 8

/** Makes a copy of a logged object without anything that must not be logged (docs/security.md). */
type Redact = (facts: Record<string, unknown>) => Record<string, unknown>

/**
 * Redaction by the name of a key, at every depth. pino's own takes one path per name and depth; for
 * these names that cost 80 to 210 µs a line, this way it is 5, and there is no depth where it is blind.
 */
export function createRedact(): Redact {
  // A new key per process: a plain hash of a phone number is found by trying all of them.
  const secret = randomBytes(16)
  const kinds = new Map<string, 'plain' | 'hidden' | 'fingerprinted'>()

  function kindOf(key: string) {
    const known = kinds.get(key)
    if (known !== undefined) return known
    const word = key.toLowerCase().replace(/[-_]/g, '')
    const kind = HIDDEN.has(word) ? 'hidden' : FINGERPRINTED.has(word) ? 'fingerprinted' : 'plain'
    // Keys come from other people's payloads too, so the memory of them is bounded.
    if (kinds.size < 1000) kinds.set(key, kind)
    return kind
  }

  function entry(key: string, value: unknown, depth: number): unknown {
    if (value === undefined || value === null) return value
    const kind = kindOf(key)
    if (kind === 'plain') return visit(value, depth)
    if (kind === 'hidden' || typeof value === 'object') return REDACTED
    return `#${createHmac('sha256', secret).update(String(value)).digest('hex').slice(0, 8)}`
  }

  function visit(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null) return value
    if (depth >= MAX_DEPTH) return '[deep]'
    if (Array.isArray(value)) return value.map((item) => visit(item, depth + 1))
    return isPlain(value) ? copy(value, depth + 1) : describe(value)
  }

  function copy(facts: object, depth: number): Record<string, unknown> {
    const result: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(facts)) result[key] = entry(key, value, depth)
    return result
  }

  return (facts) => copy(facts, 0)
}

/** A buffer, a connection or a response holds anything; its class says enough. */
function describe(value: object): unknown {
  if (value instanceof Error) return serializeError(value)
  return value instanceof Date ? value.toISOString() : `[${value.constructor.name}]`
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** An error as it may stand in a log. */
type LoggedError = {
  type: string
  code?: string
  message?: string
  context?: BridgeError['context']
  /** Where it was thrown, for errors nobody foresaw. Holds no message. */
  at?: string[]
  cause?: LoggedError
  errors?: LoggedError[]
}

const MAX_CAUSES = 5
const MAX_FRAMES = 6

/** Of a class or a code, which somebody else's error may have made up of anything. */
const NAME = /^[A-Za-z][\w.:-]{0,63}$/

/**
 * Reduces an error to what is safe to log. The bridge's own errors are written to be logged, and the system's name
 * calls and addresses. Messages of others are not: JSON's quotes the text it could not parse, that of a header the token
 * which is none, and an HTTP library's holds the URL. They keep their class, code and the places in the code.
 */
export function serializeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = codeOf(error)
  const deeper = depth < MAX_CAUSES
  return {
    type: NAME.test(error.name) ? error.name : 'Error',
    ...(code === undefined ? {} : { code }),
    ...(hasSafeMessage(error) ? { message: error.message } : {}),
    ...(error instanceof BridgeError ? { context: error.context } : { at: frames(error) }),
    ...(deeper && error.cause instanceof Error
      ? { cause: serializeError(error.cause, depth + 1) }
      : {}),
    ...(deeper && error instanceof AggregateError
      ? { errors: error.errors.map((inner: unknown) => serializeError(inner, depth + 1)) }
      : {}),
  }
}

/** What happened in one line: the message where it is safe, otherwise class and code. */
export function summarizeError(error: unknown): string {
  const { type, code, message } = serializeError(error)
  return message ?? [type, code].filter((part) => part !== undefined).join(' ')
}

function hasSafeMessage(error: Error): boolean {
  return error instanceof BridgeError || isOfSystem(error)
}

/** As Node makes them of what the system answered; their message is made of `code`, `syscall`, and a path or an address. */
function isOfSystem(error: Error): boolean {
  return 'syscall' in error
}

function codeOf(error: Error): string | undefined {
  if ('code' in error && typeof error.code === 'string') {
    return NAME.test(error.code) ? error.code : undefined
  }
  // Redis puts its code in front of the text: "READONLY You can't write…", "OOM command not allowed…".
  return error.name === 'ReplyError' ? /^[A-Z]+/.exec(error.message)?.[0] : undefined
}

function frames(error: Error): string[] {
  const lines = withoutMessage(error)
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
  return lines.slice(0, MAX_FRAMES).map((line) => line.trim().slice('at '.length))
}

/** A message of several lines may have some that look like places. Where it was changed afterwards, nothing is sure. */
function withoutMessage({ stack = '', message }: Error): string {
  const begin = stack.indexOf(message)
  return begin === -1 ? '' : stack.slice(begin + message.length)
}
