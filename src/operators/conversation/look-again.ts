import { OutcomeUnknownError, TransientError } from '../../kernel/errors.ts'

/**
 * For what is always looked for before it is made: when an answer was lost, trying again is safe, since the next attempt
 * finds what this one may have made.
 */
export async function lookAgain<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof OutcomeUnknownError)) throw error
    const { message, code, context } = error
    throw new TransientError(message, { code, context, cause: error })
  }
}
