import { createHash } from 'node:crypto'
import {
  type BridgeError,
  type BridgeErrorOptions,
  isRetryable,
  PermanentError,
  TransientError,
} from '../../../kernel/errors.ts'
import { isNotFound } from '../../../platforms/wasender/api/classify.ts'
import type { MediaRef } from '../../message/canonical.ts'
import { isNotThere } from '../download.ts'
import { WrongMacError } from './decrypt.ts'

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

/** The file has more bytes than it may have. */
export class TooLongError extends Error {}
/** The bytes are not those the message announced. */
export class WrongHashError extends Error {}

type Expectation = {
  /** Of the whole file, when the message told it. */
  sha256: Uint8Array | undefined
  maxBytes: number
}

/** Passes a file on and throws at its end, or before, unless it is what was expected. */
export async function* checked(
  source: AsyncIterable<Uint8Array>,
  { sha256, maxBytes }: Expectation,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of source) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new TooLongError('The file is longer than it may be')
    hash.update(chunk)
    yield chunk
  }
  if (sha256 !== undefined && !hash.digest().equals(sha256)) {
    throw new WrongHashError('The file is not the one that was announced')
  }
}

/** Why a file will not come any more. */
export type LossReason = 'gone' | 'damaged' | 'tooLarge' | 'unavailable'

const WORDS: Readonly<Record<LossReason, { code: string; sentence: string }>> = {
  gone: { code: 'media.gone', sentence: 'The file is no longer on the server.' },
  damaged: {
    code: 'media.damaged',
    sentence: 'The file is damaged: it does not fit its key or its hash.',
  },
  tooLarge: {
    code: 'media.too_large',
    sentence: 'The file is larger than options.media.maxBytes, or than Chatwoot takes.',
  },
  unavailable: {
    code: 'media.unavailable',
    sentence: 'The file could not be had, neither from WasenderAPI nor from WhatsApp.',
  },
}

/** A file is lost for good: its message goes on without it. */
export class FileLostError extends PermanentError {
  readonly media: MediaRef
  readonly reason: LossReason

  constructor(
    media: MediaRef,
    reason: LossReason,
    details: Pick<BridgeErrorOptions, 'cause' | 'context'> = {},
  ) {
    super(WORDS[reason].sentence, { code: WORDS[reason].code, ...details })
    this.media = media
    this.reason = reason
  }
}
