import { constants } from 'node:os'
import { PermanentError } from '../errors.ts'
import { SAME_SIGNAL_MS } from './run-until-signal.ts'

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
