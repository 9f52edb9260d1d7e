import type { Account } from '../../account.ts'
import type { NewAttachment } from '../../chatwoot/api/message-body.ts'
import { BridgeError } from '../../errors.ts'
import type { KeyId } from '../../ids.ts'
import type { InboundMedia } from '../../media/inbound/inbound-media.ts'
import { FileLostError } from '../../media/inbound/lost.ts'
import { isLastTry } from '../../media/inbound/verdict.ts'
import type { MediaRef } from '../../message/canonical.ts'
import type { DraftFile } from '../../message/inbound/draft.ts'

/** Files of one message, ready to be uploaded once. */
export type OpenFiles = {
  attachments: NewAttachment[]
  /** The WhatsApp files among them. */
  media: MediaRef[]
  /** Lets go of what was not read. */
  close(): void
}

export type FilesInHand = {
  account: Account
  keyId: KeyId
  files: readonly DraftFile[]
  /** How often a file of this message has failed before. */
  failures: number
}

/** Opens the files of a message. One that is lost is added to `lost` instead; known losses are skipped. */
export async function openFiles(
  inboundMedia: InboundMedia,
  { account, keyId, files, failures }: FilesInHand,
  lost: FileLostError[],
): Promise<OpenFiles> {
  const closers: (() => void)[] = []
  const close = () => {
    for (const closeOne of closers) closeOne()
  }
  const open: OpenFiles = { attachments: [], media: [], close }

  async function add(media: MediaRef): Promise<void> {
    const file = await openOrLose(inboundMedia, account, { keyId, media, failures })
    if (file instanceof FileLostError) return void lost.push(file)
    closers.push(file.close)
    open.media.push(media)
    const { fileName, contentType, body } = file
    // Chatwoot before 4.14.2 ignores the flag.
    open.attachments.push({ fileName, contentType, body, isVoice: media.kind === 'voice' })
  }

  try {
    for (const file of files) {
      if (file.from === 'text') open.attachments.push(textFile(file))
      else if (!lost.some(({ media }) => media === file.media)) await add(file.media)
    }
    return open
  } catch (error) {
    close()
    throw error
  }
}

async function openOrLose(
  inboundMedia: InboundMedia,
  account: Account,
  request: Parameters<InboundMedia['open']>[1],
) {
  try {
    return await inboundMedia.open(account, request)
  } catch (error) {
    if (error instanceof FileLostError) return error
    throw error
  }
}

function textFile({ fileName, contentType, text }: Extract<DraftFile, { from: 'text' }>) {
  return { fileName, contentType, body: new Blob([text]) }
}

/**
 * Which files a failed post should be repeated without: one that turned out wrong while it was
 * read, or all when Chatwoot does not take them. Empty when the failure is about something else.
 */
export function lossesIn(error: unknown, media: readonly MediaRef[], failures: number) {
  if (error instanceof FileLostError) return [error]
  const reason = codeOf(error) === 'chatwoot.too_large' ? 'tooLarge' : 'unavailable'
  const isRefused = reason === 'tooLarge' || (brokeOff(error) && isLastTry(failures))
  return isRefused ? media.map((one) => new FileLostError(one, reason, { cause: error })) : []
}

/** True when an attempt failed because of a file, so that it counts towards giving the file up. */
export function isFileTrouble(error: unknown): boolean {
  return brokeOff(error) || (codeOf(error)?.startsWith('media.') ?? false)
}

/** A proxy that refuses a large body often just hangs up, so this may never end by itself. */
const brokeOff = (error: unknown) => codeOf(error) === 'chatwoot.upload_broke_off'

const codeOf = (error: unknown) => (error instanceof BridgeError ? error.code : undefined)
