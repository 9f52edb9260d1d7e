import { setTimeout as wait } from 'node:timers/promises'
import { TransientError } from '../errors.ts'
import type { Logger } from '../log.ts'

/** Something that runs until it is stopped. */
export type Service = { port: number; stop(): Promise<void> }

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/** Container hosts kill ten seconds after SIGTERM (design section 5). */
const STOP_WITHIN_MS = 9500

/**
 * Ctrl-C in a terminal reaches the whole process group, and npm and the start script pass it on as well: that
 * is still one wish to stop, not an impatient second one.
 */
export const SAME_SIGNAL_MS = 500

/**
 * Starts a service, keeps it until the first SIGTERM or SIGINT and stops it within 10 s. A second signal ends
 * the process at once. Errors nobody caught are logged and end it with 1, because its state is not known then.
 */
export async function runUntilSignal(start: () => Promise<Service>, log: Logger): Promise<void> {
  process.once('unhandledRejection', (reason) => crash(log, reason))
  process.once('uncaughtException', (error) => crash(log, error))
  // Listening comes before starting: a signal during a long start must not be lost.
  const stopWanted = firstSignal(log)
  const starting = start()
  await Promise.race([stopWanted, announce(starting, log).then(() => stopWanted)])
  await Promise.race([starting.then((service) => service.stop()), expire()])
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

async function expire(): Promise<never> {
  await wait(STOP_WITHIN_MS, undefined, { ref: false })
  throw new TransientError('The bridge did not stop in time. Nothing that was accepted is lost.', {
    code: 'serve.stop_timeout',
  })
}

function crash(log: Logger, reason: unknown): void {
  const err =
    reason instanceof Error ? reason : new Error('A promise was rejected without an error.')
  log.fatal({ err }, 'Nobody handled this error; the bridge ends')
  process.exit(1)
}
