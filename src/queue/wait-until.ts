import type { Entry } from './entry.ts'

/** What an attempt found out and the next one has to know. It is saved with the entry. */
export type Learned = Readonly<Pick<Entry, 'triedIn' | 'looks' | 'fileFailures'>>

type WaitOptions = {
  /** When the lane is looked at again, ms since 1970. */
  until: number
  /**
   * What it waits for is shared by all lanes of the account, and who sees it come back wakes them before that moment. So
   * the moment is not written down with the entry.
   */
  mayBeWoken?: boolean
  learned?: Learned
}

/**
 * Thrown by whoever handles an entry: nothing has failed, but it is not time yet. The entry stays at the head of its lane,
 * and no attempt is counted.
 */
export class WaitUntil extends Error {
  readonly until: number
  readonly mayBeWoken: boolean
  readonly learned: Learned

  /** `reason`: what is waited for. */
  constructor(reason: string, { until, mayBeWoken = false, learned = {} }: WaitOptions) {
    super(reason)
    this.name = 'WaitUntil'
    this.until = until
    this.mayBeWoken = mayBeWoken
    this.learned = learned
  }
}

/** A failure together with what its attempt learned. The `cause` decides what becomes of the entry. */
export class FailedAttempt extends Error {
  readonly learned: Learned

  constructor(cause: unknown, learned: Learned) {
    super('An attempt failed.', { cause })
    this.name = 'FailedAttempt'
    this.learned = learned
  }
}

/** Has what was learned travel with an error. What came with it already is newer, and stays. */
export function withLearned(error: unknown, learned: Learned): WaitUntil | FailedAttempt {
  if (error instanceof WaitUntil) {
    const { message, until, mayBeWoken } = error
    return new WaitUntil(message, { until, mayBeWoken, learned: { ...learned, ...error.learned } })
  }
  const { cause, learned: newer } = learnedWith(error)
  return new FailedAttempt(cause, { ...learned, ...newer })
}

/** Does `work`, and has what was learned before it travel with whatever it throws. */
export async function learning<R>(learned: Learned, work: () => Promise<R>): Promise<R> {
  try {
    return await work()
  } catch (error) {
    throw withLearned(error, learned)
  }
}

/** What was thrown, and what was learned until then. */
export function learnedWith(error: unknown): { cause: unknown; learned: Learned } {
  if (error instanceof FailedAttempt) return { cause: error.cause, learned: error.learned }
  return { cause: error, learned: error instanceof WaitUntil ? error.learned : {} }
}
