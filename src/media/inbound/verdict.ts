import { type BridgeError, isRetryable, TransientError } from '../../errors.ts'
import type { MediaRef } from '../../message/canonical.ts'
import { isNotFound } from '../../wasender/api/classify.ts'
import { isNotThere } from '../download-errors.ts'
import { TooLongError, WrongHashError } from './checked.ts'
import { WrongMacError } from './decrypt.ts'
import { FileLostError, type LossReason } from './lost.ts'

/**
 * After so many failures a file counts as lost, about seven minutes by the back-off of delivery:
 * long enough for a restart on either side, short enough that the chat behind it does not wait for
 * hours. The note in its place says where the file still is: on the phone.
 */
export const MAX_FAILURES = 8

/** True when one more failure, after so many, is one too many. */
export function isLastTry(failures: number): boolean {
  return failures + 1 >= MAX_FAILURES
}

/** What tells an agent most comes first. */
const TELLING: readonly LossReason[] = ['tooLarge', 'gone', 'damaged', 'unavailable']

/** The reason to name when every way to a file is closed. */
export function tellingOf(reasons: readonly LossReason[]): LossReason {
  return TELLING.find((reason) => reasons.includes(reason)) ?? 'unavailable'
}

/** Why one way to a file is closed for good. */
export function reasonOf(error: BridgeError): LossReason {
  if (error instanceof FileLostError) return error.reason
  return isNotThere(error) || isNotFound(error) ? 'gone' : 'unavailable'
}

type Reading = { media: MediaRef; failures: number; isOnlyOne: boolean }

/** What an error in the middle of a file means: lost, or to be tried again, perhaps the other way. */
export function readingFailed(error: unknown, { media, failures, isOnlyOne }: Reading): unknown {
  const lost = lossIn(error, media)
  if (lost?.reason === 'tooLarge') return lost
  if (lost !== undefined) return isOnlyOne || isLastTry(failures) ? lost : tryOtherWay(lost)
  if (!isRetryable(error) || !isLastTry(failures)) return error
  return new FileLostError(media, 'unavailable', { cause: error })
}

/** What an error says about the file itself; `undefined` when it says nothing. */
function lossIn(cause: unknown, media: MediaRef): FileLostError | undefined {
  if (cause instanceof TooLongError) return new FileLostError(media, 'tooLarge', { cause })
  const isWrong = cause instanceof WrongMacError || cause instanceof WrongHashError
  return isWrong ? new FileLostError(media, 'damaged', { cause }) : undefined
}

/** No way to a file is open right now. */
export function notNow(cause: BridgeError): TransientError {
  return new TransientError('A file cannot be had right now. It is tried again.', {
    code: 'media.not_now',
    context: { reason: cause.code },
    cause,
  })
}

function tryOtherWay(lost: FileLostError): TransientError {
  return new TransientError('A file arrived damaged. It is fetched again in the other way.', {
    code: 'media.arrived_damaged',
    cause: lost,
  })
}
