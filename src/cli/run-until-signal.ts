import { constants } from 'node:os'
import { withTimeout } from '../kernel/async.ts'
import { PermanentError } from '../kernel/errors.ts'
import type { Logger } from '../kernel/log.ts'

/** Something that runs until it is stopped. */
export type Service = { port: number; stop(): Promise<void> }

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/**
 * Container hosts kill ten seconds after SIGTERM. Stopping has its own, shorter times for what hangs; this
 * one is for a start that does.
 */
const STOP_WITHIN_MS = 9_300

/**
 * Ctrl-C in a terminal reaches the whole process group, and npm and the start script pass it on as well: that
 * is still one wish to stop, not an impatient second one.
 */
const SAME_SIGNAL_MS = 500

/**
 * Starts a service, keeps it until the first SIGTERM or SIGINT and stops it within 10 s, whatever hangs: everything that was
 * accepted is on disk at all times. A second signal ends the process at once. Errors nobody caught are logged and end it
 * with 1, because its state is not known then; while it stops, they only are logged.
 */
export async function runUntilSignal(start: () => Promise<Service>, log: Logger): Promise<void> {
  let isStopping = false
  const onSurprise = (reason: unknown) => {
    if (!isStopping) crash(log, reason)
    log.error({ err: errorOf(reason) }, 'Nobody handled this error; the bridge is stopping anyway')
  }
  process.on('unhandledRejection', onSurprise)
  process.on('uncaughtException', onSurprise)
  // Listening comes before starting: a signal during a long start must not be lost.
  const stopWanted = firstSignal(log).then(() => {
    isStopping = true
  })
  const starting = start()
  await Promise.race([stopWanted, announce(starting, log).then(() => stopWanted)])
  const stopped = starting.then((service) => service.stop())
  await withTimeout(STOP_WITHIN_MS, stopped, () => {
    log.error('The bridge did not stop in time and ends. Nothing that was accepted is lost.')
  })
  log.info('Stopped')
}

async function announce(starting: Promise<Service>, log: Logger): Promise<void> {
  const { port } = await starting
  log.info({ port }, 'The bridge is ready')
}

/** Resolves with the first wish to stop; from then on another one ends the process. */
function firstSignal(log: Logger): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let first: number | undefined
  for (const signal of SIGNALS)
    process.on(signal, () => {
      if (first === undefined) {
        first = Date.now()
        log.info({ signal }, 'Stopping')
        resolve()
      } else if (Date.now() - first >= SAME_SIGNAL_MS) {
        log.warn({ signal }, 'Told to stop again: ending at once')
        process.exit(1)
      }
    })
  return promise
}

function crash(log: Logger, reason: unknown): never {
  log.fatal({ err: errorOf(reason) }, 'Nobody handled this error; the bridge ends')
  process.exit(1)
}

function errorOf(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('A promise was rejected without an error.')
}

type StopSignal = 'SIGINT' | 'SIGTERM'

/** Where signals come from: the process, or what a test brings. */
export type Signals = Pick<NodeJS.EventEmitter, 'on' | 'off'>

/** What a command says when it is stopped. */
type Words = { message: string; code: string }

/** Somebody ended a command before it was done. */
export class StoppedError extends PermanentError {
  /** What shells expect of a program that this signal ended. */
  readonly exitCode: number

  constructor({ message, code }: Words, signal: StopSignal) {
    super(message, { code })
    this.exitCode = 128 + constants.signals[signal]
  }
}

/**
 * Runs `work` so that SIGINT and SIGTERM let it clean up: its signal aborts with a `StoppedError`. Another one a moment
 * later, from somebody who has no patience, ends the process as ever.
 */
export async function untilSignal<T>(
  words: Words,
  work: (signal: AbortSignal) => Promise<T>,
  signals: Signals = process,
): Promise<T> {
  const stopping = new AbortController()
  const stop = (name: StopSignal) => {
    stopping.abort(new StoppedError(words, name))
    setTimeout(release, SAME_SIGNAL_MS).unref()
  }
  const listeners = (['SIGINT', 'SIGTERM'] as const).map((name) => ({
    name,
    listener: () => stop(name),
  }))
  const release = () => {
    for (const { name, listener } of listeners) signals.off(name, listener)
  }
  for (const { name, listener } of listeners) signals.on(name, listener)
  try {
    return await work(stopping.signal)
  } finally {
    release()
  }
}
