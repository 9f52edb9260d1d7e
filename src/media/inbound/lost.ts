import { type BridgeErrorOptions, PermanentError } from '../../errors.ts'
import type { MediaRef } from '../../message/canonical.ts'

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
