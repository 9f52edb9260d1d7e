import { BridgeError } from './errors.ts'

/** An error as it may stand in a log. */
export type LoggedError = {
  type: string
  code?: string
  message?: string
  context?: BridgeError['context']
  /** Where it was thrown, for errors nobody foresaw. Holds no message. */
  at?: string[]
  cause?: LoggedError
  errors?: LoggedError[]
}

const MAX_DEPTH = 5
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
  const deeper = depth < MAX_DEPTH
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
