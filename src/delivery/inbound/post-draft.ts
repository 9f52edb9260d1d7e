import type { Account } from '../../account.ts'
import type { NewMessage } from '../../chatwoot/api/message-body.ts'
import type { Message } from '../../chatwoot/shapes/message.ts'
import type { ConversationId, KeyId, MessageId } from '../../ids.ts'
import type { InboundMedia } from '../../media/inbound/inbound-media.ts'
import type { FileLostError } from '../../media/inbound/lost.ts'
import { protectLiquid } from '../../message/format/protect-liquid.ts'
import type { ChatwootDraft } from '../../message/inbound/draft.ts'
import type { Journal } from '../outcome/journal.ts'
import { lostFileText } from './lost-file.ts'
import { noteId } from './note-id.ts'
import { postFiles } from './post-files.ts'
import type { Shown } from './shown-as.ts'

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
