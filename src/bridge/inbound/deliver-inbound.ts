import type { Account } from '../../accounts/account.ts'
import type { Texts } from '../../content/locale/index.ts'
import type { InboundMedia } from '../../content/media/inbound/inbound-media.ts'
import { FileLostError, isLastTry } from '../../content/media/inbound/verdict.ts'
import type { MediaRef } from '../../content/message/canonical.ts'
import { protectLiquid } from '../../content/message/format/protect-liquid.ts'
import { toMarkdown } from '../../content/message/format/to-markdown.ts'
import type { ChatwootDraft, DraftFile } from '../../content/message/inbound/draft.ts'
import type { Incoming } from '../../content/message/incoming.ts'
import { BridgeError, OutcomeUnknownError, TransientError } from '../../kernel/errors.ts'
import type { ChatId, ConversationId, KeyId, MessageId } from '../../kernel/ids.ts'
import type { Conversations } from '../../people/conversations.ts'
import type { OwnIdentity } from '../../people/own.ts'
import { peerOf } from '../../people/peer.ts'
import type { NewAttachment, NewMessage } from '../../platforms/chatwoot/api/messages.ts'
import { isNotFound } from '../../platforms/chatwoot/client.ts'
import type { Message } from '../../platforms/chatwoot/shapes/message.ts'
import type { Who } from '../../platforms/wasender/jid.ts'
import type { Entry } from '../../queue/entry.ts'
import { learnedWith, learning, withLearned } from '../../queue/wait-until.ts'
import type { Link } from '../../state/store/types.ts'
import { pagesBack } from '../catch-up/page.ts'
import type { Journal } from '../sends/journal.ts'
import type { Claim, Dedupe } from './dedupe.ts'
import { type KnownNames, namedDraft } from './known-names.ts'
import type { Age, Shown } from './message-type.ts'
import { isNoteOf, noteId } from './not-shown.ts'

/** Something from WhatsApp with everything known of where it belongs. */
export type Delivery = {
  incoming: Incoming
  shown: Shown
  age: Age
  chat: ChatId
  who: Who
  /** What waits in the lane for this message: it knows of failures of its files, and where it was tried. */
  entry: Entry
  claim: Claim
  /** What stands in Chatwoot and is taken away once this is there. */
  replaces?: Link | undefined
}

export type Delivered = { conversation: ConversationId; messageId: MessageId }

/** Where a message belongs, and what is there of it. */
type Place = { conversation: ConversationId; earlier: readonly Message[] }

/**
 * Posts a message into its chat's conversation. A conversation that was deleted in Chatwoot is replaced once;
 * everything that is created is looked for first, so a lost answer is merely a reason to try again.
 */
export function createDeliverInbound(deps: {
  conversations: Conversations
  dedupe: Pick<Dedupe, 'move'>
  journal: Journal
  inboundMedia: InboundMedia
  names: KnownNames
  own: OwnIdentity
  /** What came before this moment (ms since 1970) may have been posted although no link and no claim knows it. */
  doubtBefore?: () => number
}) {
  const { conversations, dedupe, journal, inboundMedia, names, own } = deps

  /** A grey line never opens a conversation: without one there is nobody to read it. */
  async function openFor(
    account: Account,
    delivery: Delivery,
  ): Promise<ConversationId | undefined> {
    const { incoming, shown, age, chat, who } = delivery
    if (shown === 'activity') return (await conversations.get(account.id, chat))?.conversationId
    const known = await names.find(account, who)
    const pushName = known ?? (incoming.fromMe ? undefined : incoming.pushName)
    const ensure = age.isHistory ? conversations.ensureQuietly : conversations.ensure
    const open = await ensure(account, chat, () => peerOf(account, who, pushName))
    return open.conversationId
  }

  /**
   * Where an earlier attempt has written the message, if one has: the chat may have another conversation by now. Else in
   * the chat's, which is noted before anything is written there.
   */
  async function placeOf(account: Account, delivery: Delivery): Promise<Place | undefined> {
    const { incoming, claim, entry } = delivery
    if (claim.conversation !== undefined && mayBeThere(delivery, deps.doubtBefore?.() ?? 0)) {
      const attempted = { conversation: claim.conversation, since: entry.receivedAt }
      const earlier = await findAttempt(account, attempted, incoming.id)
      if (earlier.length > 0) return { conversation: claim.conversation, earlier }
    }
    const conversation = await openFor(account, delivery)
    if (conversation === undefined) return undefined
    if (conversation !== claim.conversation) {
      const claimant = { account: account.id, keyId: incoming.id, entryId: entry.id }
      await dedupe.move(claimant, conversation)
    }
    return { conversation, earlier: [] }
  }

  async function post(account: Account, delivery: Delivery): Promise<Delivered | undefined> {
    const place = await placeOf(account, delivery)
    if (place === undefined) return undefined
    const messageId = await learning({ triedIn: place.conversation }, () =>
      write(account, delivery, place),
    )
    return { conversation: place.conversation, messageId }
  }

  async function write(account: Account, delivery: Delivery, place: Place): Promise<MessageId> {
    const { incoming, shown, entry } = delivery
    const isQuoteShown = await isQuoteIn(journal, account, place.conversation, incoming)
    const around = { isQuoteShown, ...delivery.age }
    const draft = await namedDraft(account, incoming, around, { names, own })
    return postDraft(
      {
        account,
        ...place,
        draft: await withWordsOf(account, delivery.replaces, draft),
        keyId: incoming.id,
        filesOf: incoming.key?.id,
        fromMe: incoming.fromMe,
        shown,
        fileFailures: entry.fileFailures ?? 0,
      },
      { journal, inboundMedia },
    )
  }

  async function postOrReplace(
    account: Account,
    delivery: Delivery,
  ): Promise<Delivered | undefined> {
    try {
      return await post(account, delivery)
    } catch (error) {
      const known = await conversations.get(account.id, delivery.chat)
      if (!isNotFound(learnedWith(error).cause) || known?.conversationId === undefined) throw error
      await conversations.forget(account.id, delivery.chat, known.conversationId)
      return post(account, delivery)
    }
  }

  return async (account: Account, delivery: Delivery): Promise<Delivered | undefined> => {
    try {
      return await postOrReplace(account, delivery)
    } catch (error) {
      throw asFailure(error, delivery.entry)
    }
  }
}

/** A lost answer is worth another look, and failures of a message's files are counted. */
function asFailure(error: unknown, { fileFailures = 0 }: Entry): Error {
  const { cause, learned } = learnedWith(error)
  const failures = isFileTrouble(cause) ? { fileFailures: fileFailures + 1 } : {}
  const decided = cause instanceof OutcomeUnknownError ? worthAnotherLook(cause) : cause
  return withLearned(decided, { ...learned, ...failures })
}

/** A better file comes without the caption of the first one, which is added here. */
async function withWordsOf(
  account: Account,
  replaced: Link | undefined,
  draft: ChatwootDraft,
): Promise<ChatwootDraft> {
  if (replaced === undefined) return draft
  const { conversationId, messageId } = replaced
  const message = await account.chatwoot.messages.get(conversationId, messageId)
  const isWhole = message !== undefined && message.attachments.length > 0
  return isWhole ? { ...draft, content: message.content ?? draft.content } : draft
}

/** Whether an earlier attempt may have succeeded without the bridge learning of it. A dead letter outlives its claim. */
function mayBeThere({ claim, entry }: Delivery, doubtBefore: number): boolean {
  const wasTried = entry.triedIn !== undefined || entry.renewedAt !== undefined
  return claim.standing === 'again' || wasTried || entry.receivedAt <= doubtBefore
}

function worthAnotherLook(lost: OutcomeUnknownError): TransientError {
  return new TransientError(lost.message, { code: lost.code, context: lost.context, cause: lost })
}

/** Chatwoot shows a quote of what is in the same conversation only. */
async function isQuoteIn(
  journal: Journal,
  account: Account,
  conversation: ConversationId,
  { message: { quotes }, standsFor }: Incoming,
): Promise<boolean> {
  // Chatwoot shows one quote, and that is of what stands there of the same message.
  if (quotes === undefined || standsFor !== undefined) return false
  return (await journal.byKeyId(account.id, quotes))?.conversationId === conversation
}

/** Where an attempt may have written, and before when there was none. */
type Attempted = { conversation: ConversationId; since: number }

/** Chatwoot's clock and ours may differ. */
const SKEW_MS = 3_600_000
/** Of 20 messages each. A chat where more was written since is searched in vain. */
const MOST_PAGES = 250

/**
 * What an earlier attempt has left of a message, itself and its notes. Chatwoot cannot be asked for a source id, so the
 * conversation is read backwards, to the message or to the time before the first attempt. Usually that is one GET.
 */
async function findAttempt(
  account: Account,
  { conversation, since }: Attempted,
  keyId: KeyId,
): Promise<Message[]> {
  const window = { horizon: since - SKEW_MS, most: MOST_PAGES }
  const found: Message[] = []
  try {
    for await (const page of pagesBack(account, conversation, window)) {
      found.push(...page.filter(({ sourceId }) => sourceId === keyId || isNoteOf(keyId, sourceId)))
      if (page.some(({ sourceId }) => sourceId === keyId)) break
    }
  } catch (error) {
    // Deleted with all that was in it.
    if (!isNotFound(error)) throw error
    return []
  }
  return found
}

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
