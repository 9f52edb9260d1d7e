import type { DownloadFile } from '../../../content/media/download.ts'
import { SEND_LIMITS } from '../../../content/media/limits.ts'
import { placeFile } from '../../../content/media/outbound/carry-file.ts'
import {
  describeFile,
  openStored,
  type Prepared,
  type StoredFile,
  type Task,
} from '../../../content/media/outbound/stored-file.ts'
import { trueType } from '../../../content/media/outbound/true-type.ts'
import { PermanentError } from '../../../kernel/errors.ts'
import type { Attachment } from '../../../platforms/chatwoot/shapes/message.ts'
import { quotedMessageId } from './find-sent.ts'
import type { CommandRun } from './run.ts'

const WEBP = 'image/webp'

/**
 * Makes the picture of a `!sticker` note ready to be sent, or says why it cannot be one. WhatsApp takes small webp pictures
 * as stickers, and nothing else (docs/platforms/wasender.md#sending).
 */
export async function makeSticker(run: CommandRun, download: DownloadFile): Promise<Prepared> {
  const { account, attempts } = run
  const attachment = await pictureOf(run)
  const dataUrl = attachment?.dataUrl
  const refuse = { refuse: account.texts.commands.noSticker }
  if (attachment === undefined || dataUrl === undefined) return refuse
  const learned = { atLeast: 0, notEncodable: false }
  const task = { account, attachment, dataUrl, options: { attempts }, learned }
  try {
    const file = await openStored(download, account, dataUrl, attempts)
    try {
      return isSticker(file) ? await place(task, file) : refuse
    } finally {
      file.close()
    }
  } catch (error) {
    if (error instanceof PermanentError) return refuse
    throw error
  }
}

/** The first webp attached to the note, else to the message it quotes. */
async function pictureOf({ account, event }: CommandRun): Promise<Attachment | undefined> {
  const own = event.attachments.find(isWebp)
  const quoted = quotedMessageId(event.contentAttributes)
  if (own !== undefined || quoted === undefined) return own
  const message = await account.chatwoot.messages.get(event.conversation.id, quoted)
  return message?.attachments.find(isWebp)
}

function isWebp(attachment: Attachment): boolean {
  return describeFile(attachment).type === WEBP
}

function isSticker({ head, size = 0 }: StoredFile): boolean {
  return trueType(WEBP, head) === WEBP && size <= SEND_LIMITS.sticker.bytes
}

async function place(task: Task, file: StoredFile): Promise<Prepared> {
  const { bytes: maxBytes } = SEND_LIMITS.sticker
  const placing = { type: WEBP, size: file.size ?? 0, maxBytes }
  return { content: { kind: 'sticker', url: await placeFile(task, file, placing) } }
}
