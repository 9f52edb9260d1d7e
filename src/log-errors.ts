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

/**
 * Reduces an error to what is safe to log (P8). The bridge's own errors are written to be logged. Messages of
 * others are not: JSON's quotes the text it could not parse and an HTTP library's holds the URL with its token.
 * They keep their class, code and the places in the code.
 */
export function serializeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = codeOf(error)
  const deeper = depth < MAX_DEPTH
  return {
    type: error.name,
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

/** Messages of programming mistakes name variables, those of the system name calls and addresses. */
function hasSafeMessage(error: Error): boolean {
  const mistake = error instanceof TypeError || error instanceof ReferenceError
  return error instanceof BridgeError || mistake || 'syscall' in error
}

function codeOf(error: Error): string | undefined {
  if ('code' in error && typeof error.code === 'string') return error.code
  // Redis puts its code in front of the text: "READONLY You can't write…", "OOM command not allowed…".
  return error.name === 'ReplyError' ? /^[A-Z]+/.exec(error.message)?.[0] : undefined
}

function frames(error: Error): string[] {
  const lines = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line))
  return lines.slice(0, MAX_FRAMES).map((line) => line.trim().slice('at '.length))
}
