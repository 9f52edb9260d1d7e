import type { Account } from '../../accounts/account.ts'
import type { Texts } from '../../content/locale/index.ts'
import type { InboundMedia } from '../../content/media/inbound/inbound-media.ts'
import { FileLostError, isLastTry } from '../../content/media/inbound/verdict.ts'
import type { MediaRef } from '../../content/message/canonical.ts'
import { protectLiquid } from '../../content/message/format/protect-liquid.ts'
import { toMarkdown } from '../../content/message/format/to-markdown.ts'
import type { ChatwootDraft, DraftFile } from '../../content/message/inbound/draft.ts'
import { BridgeError } from '../../kernel/errors.ts'
import type { ConversationId, KeyId, MessageId } from '../../kernel/ids.ts'
import type { NewAttachment, NewMessage } from '../../platforms/chatwoot/api/messages.ts'
import type { Message } from '../../platforms/chatwoot/shapes/message.ts'
import type { Journal } from '../sends/journal.ts'
import type { Shown } from './message-type.ts'
import { noteId } from './not-shown.ts'

export type Posting = {
  account: Account
  conversation: ConversationId
  draft: ChatwootDraft
  /** What WhatsApp calls the message; becomes Chatwoot's source id. */
  keyId: KeyId
  /** What WhatsApp calls the message its files are of, where that differs. */
  filesOf?: KeyId | undefined
  /** Typed on the phone. */
  fromMe: boolean
  shown: Shown
  /** What an earlier attempt has written there already. */
  earlier: readonly Message[]
  /** How often a file of this message has failed before. */
  fileFailures: number
}

type PostDraftDeps = { journal: Journal; inboundMedia: InboundMedia }

/**
 * Writes a WhatsApp message into a conversation and answers its Chatwoot id: exactly one call for a message without notes,
 * none when it is there already. Files go with their message in the same call; when one is lost, its place is taken by a
 * line that says so.
 */
export async function postDraft(posting: Posting, deps: PostDraftDeps): Promise<MessageId> {
  const { account, conversation, draft, keyId, earlier } = posting
  const posted = (sourceId: string) => earlier.find((message) => message.sourceId === sourceId)
  const message = posted(keyId) ?? (await postMessage(posting, deps))
  for (const note of notesOf(draft, keyId)) {
    if (posted(note.sourceId) === undefined) {
      await account.chatwoot.messages.create(conversation, note)
    }
  }
  return message.id
}

async function postMessage(posting: Posting, deps: PostDraftDeps): Promise<Message> {
  const { account, conversation, draft, filesOf = posting.keyId, fileFailures } = posting
  const message = await newMessage(deps.journal, posting)
  const { messages } = account.chatwoot
  const { files } = draft
  if (files.length === 0) return messages.create(conversation, message)
  return postFiles(
    { account, keyId: filesOf, files, failures: fileFailures },
    (attachments, lost) => {
      const complete = withLosses(message, lost, account)
      return attachments.length === 0
        ? messages.create(conversation, complete)
        : messages.createWithAttachments(conversation, { ...complete, attachments })
    },
    deps.inboundMedia,
  )
}

/**
 * A note has to be outgoing: the author of anything else is the contact (docs/platforms/chatwoot.md#creating-messages).
 */
const FORMS: Readonly<
  Record<Shown, { messageType: NewMessage['messageType']; isPrivate: boolean }>
> = {
  incoming: { messageType: 'incoming', isPrivate: false },
  outgoing: { messageType: 'outgoing', isPrivate: false },
  note: { messageType: 'outgoing', isPrivate: true },
  activity: { messageType: 'activity', isPrivate: false },
}

/** The message without its files. */
async function newMessage(journal: Journal, posting: Posting): Promise<NewMessage> {
  const { draft, keyId, fromMe, shown } = posting
  const quote = await quoteOf(journal, posting)
  const { messageType, isPrivate } = FORMS[shown]
  return {
    // Chatwoot runs outgoing text through its template language; what was typed on the phone is no template.
    content: messageType === 'outgoing' ? protectLiquid(draft.content) : draft.content,
    messageType,
    private: isPrivate,
    sourceId: keyId,
    contentAttributes: { ...quote, ...(fromMe ? { external_echo: true } : {}) },
  }
}

/** What was lost is said where the file would be; an empty message would not be shown at all. */
function withLosses(
  message: NewMessage,
  lost: readonly FileLostError[],
  { texts }: Account,
): NewMessage {
  const lines = [message.content ?? '', ...lost.map((loss) => lostFileText(loss, texts))]
  return { ...message, content: lines.filter((line) => line !== '').join('\n\n') }
}

type Note = NewMessage & { sourceId: string }

/** Source ids of their own tell the bridge its own notes, and a repetition which of them are there. */
function notesOf({ notes }: ChatwootDraft, keyId: KeyId): Note[] {
  return notes.map((note, index) => ({
    content: protectLiquid(note),
    messageType: 'outgoing',
    private: true,
    sourceId: noteId(keyId, index),
  }))
}

/**
 * How Chatwoot finds the quoted message: by our source id for what came from WhatsApp, by its own id for what an agent
 * wrote, which has no source id (docs/platforms/chatwoot.md#quotes).
 */
async function quoteOf(
  journal: Journal,
  { account, draft }: Posting,
): Promise<Record<string, unknown>> {
  if (draft.quotes === undefined) return {}
  const quoted = await journal.byKeyId(account.id, draft.quotes)
  return quoted === undefined
    ? { in_reply_to_external_id: draft.quotes }
    : { in_reply_to: quoted.messageId }
}

/** What an agent reads where a file should be. Only documents have names their senders know. */
function lostFileText({ media, reason }: FileLostError, texts: Texts): string {
  const { lost, named, kinds, reasons } = texts.media
  const kind = kinds[media.kind]
  const what = media.kind === 'document' ? named(kind, toMarkdown(media.fileName)) : kind
  return lost(what, reasons[reason])
}

/** Posts a message with those files that can be had; `lost` are the others. */
type PostWith = (
  attachments: readonly NewAttachment[],
  lost: readonly FileLostError[],
) => Promise<Message>

/**
 * Opens files, then posts them. A file that turns out wrong on its way breaks the upload off before its end, so
 * nothing was stored, and the message is posted at once without it.
 */
async function postFiles(
  inHand: FilesInHand,
  post: PostWith,
  inboundMedia: InboundMedia,
): Promise<Message> {
  const lost: FileLostError[] = []
  // Every further round has one file less.
  for (;;) {
    const { attachments, media, close } = await openFiles(inboundMedia, inHand, lost)
    try {
      return await post(attachments, lost)
    } catch (error) {
      const losses = lossesIn(error, media, inHand.failures)
      if (losses.length === 0) throw error
      lost.push(...losses)
    } finally {
      close()
    }
  }
}

/** Files of one message, ready to be uploaded once. */
type OpenFiles = {
  attachments: NewAttachment[]
  /** The WhatsApp files among them. */
  media: MediaRef[]
  /** Lets go of what was not read. */
  close(): void
}

type FilesInHand = {
  account: Account
  keyId: KeyId
  files: readonly DraftFile[]
  /** How often a file of this message has failed before. */
  failures: number
}

/** Opens the files of a message. One that is lost is added to `lost` instead; known losses are skipped. */
async function openFiles(
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
function lossesIn(error: unknown, media: readonly MediaRef[], failures: number) {
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
