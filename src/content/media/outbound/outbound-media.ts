import { PermanentError } from '../../../kernel/errors.ts'
import type { Attachment } from '../../../platforms/chatwoot/shapes/message.ts'
import type { Texts } from '../../locale/index.ts'
import type { MediaAccount } from '../media-account.ts'
import { type CarryDeps, carryFile } from './carry-file.ts'
import { FileTooLargeError } from './file-stream.ts'
import type { Learned, Prepared, PrepareOptions } from './stored-file.ts'
import { VoiceEncodingError } from './voice-encoder.ts'

export type { Prepared, PrepareOptions } from './stored-file.ts'

/** Turns attachments of agents into contents that can be sent. */
export type OutboundMedia = {
  /**
   * Makes one attachment ready: chooses its kind, moves the file to where WasenderAPI fetches it from, and
   * names it. Doing it twice does no harm; an upload that is never sent is gone after 24 hours
   * (docs/platforms/wasender.md#upload).
   *
   * A caption is never lost, but what could have been a voice note or a contact card becomes a document
   * with it: ask `takesCaption` first and send the text by itself where it says no.
   *
   * @throws {TransientError} worth another attempt of the message: the file is not in the storage yet, or
   * the storage or the gateway is in trouble. Nothing was sent.
   */
  prepare(account: MediaAccount, attachment: Attachment, options: PrepareOptions): Promise<Prepared>
}

/** @example createOutboundMedia({ download: createDownload(), voice: createVoiceEncoder() }) */
export function createOutboundMedia(deps: CarryDeps): OutboundMedia {
  return {
    async prepare(account, attachment, options) {
      const { files } = account.texts
      const { dataUrl } = attachment
      if (dataUrl === undefined) return { refuse: files.noFile }
      try {
        return await untilLearned({ atLeast: 0, notEncodable: false }, (learned) =>
          carryFile(deps, { account, attachment, dataUrl, options, learned }),
        )
      } catch (error) {
        if (error instanceof PermanentError) return { refuse: reasonOf(error, files) }
        throw error
      }
    },
  }
}

/**
 * Goes over the file once more when a pass has shown that it is not what it was said to be. It ends: a
 * larger file leaves fewer kinds, and what could not be encoded once is not encoded again.
 */
async function untilLearned(
  learned: Learned,
  pass: (learned: Learned) => Promise<Prepared>,
): Promise<Prepared> {
  try {
    return await pass(learned)
  } catch (error) {
    if (error instanceof FileTooLargeError) {
      return untilLearned({ atLeast: error.maxBytes + 1, notEncodable: true }, pass)
    }
    if (error instanceof VoiceEncodingError) {
      return untilLearned({ ...learned, notEncodable: true }, pass)
    }
    throw error
  }
}

/** Refusals of the storage by code. All others are the gateway's, about the upload. */
const REASONS: Readonly<Record<string, 'gone' | 'blocked'>> = {
  'media.not_there': 'gone',
  'media.host_refused': 'blocked',
  'media.too_many_redirects': 'blocked',
}

function reasonOf(error: PermanentError, files: Texts['files']): string {
  return files[REASONS[error.code] ?? 'refused']
}
