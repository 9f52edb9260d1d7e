/**
 * The one error tree. Delivery decides by class, never by reading a message.
 *
 * Messages say what happened, to which account and how to mend it. They never hold a message text, a phone
 * number or a secret, because they end up in logs, on admin pages and next to an agent's message.
 */
export type ErrorContext = Readonly<Record<string, string | number | boolean | undefined>>

export type BridgeErrorOptions = {
  /** Stable, machine-readable reason such as `wasender.not_connected`. */
  code: string
  /** Safe facts only: ids, counts, statuses. */
  context?: ErrorContext
  cause?: unknown
}

/** Base of everything the bridge throws on purpose. */
export abstract class BridgeError extends Error {
  readonly code: string
  readonly context: ErrorContext

  constructor(message: string, options: BridgeErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = options.code
    this.context = options.context ?? {}
  }
}

/** Trying again cannot help: the request itself is refused. */
export class PermanentError extends BridgeError {}

/** The process died over it, again and again. Whoever gives it up must not look into it. */
export class PoisonError extends PermanentError {}

/** It may work later; nothing has happened on the other side. */
export class TransientError extends BridgeError {}

/** The other side asks us to wait. Nothing has happened there. */
export class RateLimitedError extends TransientError {
  /** Milliseconds to wait before the next attempt. */
  readonly waitMs: number

  constructor(message: string, options: BridgeErrorOptions & { waitMs: number }) {
    super(message, options)
    this.waitMs = options.waitMs
  }
}

/** The WhatsApp session is not connected: every send of the account waits. */
export class SessionDownError extends TransientError {}

/**
 * A person has to act first: a rotated token, an ended subscription, a missing role. The message itself is
 * fine, so it waits and is tried again until `retryFor` is over instead of being failed at once.
 */
export class OperatorNeededError extends TransientError {}

/** The request may or may not have had its effect. Never repeat it blindly. */
export class OutcomeUnknownError extends BridgeError {}

/** The configuration or the environment is wrong; the operator has to act. */
export class ConfigError extends BridgeError {}

/** True for errors after which the same request may simply be made again later. */
export function isRetryable(error: unknown): boolean {
  return error instanceof TransientError
}

/**
 * One line: class, code and message. Only of the bridge's own errors, whose messages are written to be shown; for any
 * other there is `summarizeError` (`log.ts`).
 */
export function describeError({ name, code, message }: BridgeError): string {
  return `${name} ${code}: ${message}`
}
