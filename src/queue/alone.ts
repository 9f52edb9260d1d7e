import { createInTurn } from '../kernel/keyed-queue.ts'
import { within } from '../kernel/with-timeout.ts'

/**
 * Who works beside whom in this process. Turns go on side by side; a suspected one begins alone, so that it is known whose
 * fault it is should the process die.
 */
export type Alone = {
  /** Waits while somebody begins alone. Resolves without having worked, with `undefined`, once this is closed. */
  beside<R>(work: () => Promise<R>): Promise<R | undefined>
  /**
   * Waits for all others, then begins. After {@link WINDOW_MS} others may begin again, which is told: a turn that lets
   * time pass has not blocked the process. Resolves with `undefined` when the others take too long, or this is closed.
   */
  alone<R>(work: () => Promise<R>, onWindowOver: () => void): Promise<R | undefined>
  /** Has nobody wait any more. */
  close(): void
}

export const WINDOW_MS = 3_000
/** Longer than nearly all turns, and short enough to have all accounts wait. */
const OTHERS_MS = 2_000

export function createAlone({ windowMs = WINDOW_MS, othersMs = OTHERS_MS } = {}): Alone {
  const inTurn = createInTurn()
  const closing = new AbortController()
  const closed = Promise.withResolvers<void>()
  let working = 0
  let door: PromiseWithResolvers<void> | undefined
  let onQuiet = () => {}

  async function track<R>(work: () => Promise<R>): Promise<R> {
    working += 1
    try {
      return await work()
    } finally {
      working -= 1
      if (working === 0) onQuiet()
    }
  }

  function open(): void {
    door?.resolve()
    door = undefined
  }

  async function quiet(): Promise<void> {
    if (working === 0) return
    await within(othersMs, new Promise<void>((resolve) => (onQuiet = resolve)), () => {})
  }

  async function begin<R>(
    work: () => Promise<R>,
    onWindowOver: () => void,
  ): Promise<{ running: Promise<R> } | undefined> {
    door = Promise.withResolvers()
    try {
      await quiet()
      if (working > 0 || closing.signal.aborted) return undefined
      const running = track(work)
      const ended = running.then(
        () => {},
        () => {},
      )
      await within(windowMs, Promise.race([ended, closed.promise]), onWindowOver)
      return { running }
    } finally {
      open()
    }
  }

  return {
    async beside(work) {
      while (door !== undefined) await door.promise
      return closing.signal.aborted ? undefined : track(work)
    },
    async alone(work, onWindowOver) {
      const begun = await inTurn('alone', () => begin(work, onWindowOver))
      return begun?.running
    },
    close() {
      closing.abort()
      closed.resolve()
      onQuiet()
      open()
    },
  }
}
