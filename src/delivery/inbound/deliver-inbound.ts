import type { Account } from '../../account.ts'
import { isNotFound } from '../../chatwoot/client.ts'
import { OutcomeUnknownError, TransientError } from '../../errors.ts'
import type { Conversations, OpenChat } from '../../identity/conversations.ts'
import type { OwnIdentity } from '../../identity/own.ts'
import { peerOf } from '../../identity/peer.ts'
import type { Who } from '../../identity/people.ts'
import type { ChatId, MessageId } from '../../ids.ts'
import type { InboundMedia } from '../../media/inbound/inbound-media.ts'
import type { Incoming } from '../../message/incoming.ts'
import type { Chat } from '../../store/types.ts'
import type { Entry } from '../lanes/lanes.ts'
import type { Journal } from '../outcome/journal.ts'
import { isFileTrouble } from './draft-files.ts'
import type { KnownNames } from './known-names.ts'
import { createNamedDrafts } from './named-draft.ts'
import { createPostDraft } from './post-draft.ts'
import { createPostFiles } from './post-files.ts'
import type { Shown } from './shown-as.ts'

/** Something from WhatsApp with everything known of where it belongs. */
export type Delivery = {
  incoming: Incoming
  shown: Shown
  chat: ChatId
  who: Who
  /** What waits in the lane for this message; remembers failures of its files. */
  entry: Entry
  /** An earlier attempt may have succeeded without the bridge learning of it. */
  again: boolean
}

export type Delivered = { open: OpenChat; messageId: MessageId }

/**
 * Posts a message into its chat's conversation. A conversation that was deleted in Chatwoot is replaced once;
 * everything that is created is looked for first, so a lost answer is merely a reason to try again.
 */
export function createDeliverInbound(deps: {
  conversations: Conversations
  journal: Journal
  inboundMedia: InboundMedia
  names: KnownNames
  own: OwnIdentity
}) {
  const { conversations, journal, inboundMedia, names } = deps
  const draftOf = createNamedDrafts(deps)
  const postDraft = createPostDraft({ journal, postFiles: createPostFiles(inboundMedia) })

  /** A grey line never opens a conversation: without one there is nobody to read it. */
  async function openFor(account: Account, delivery: Delivery): Promise<OpenChat | undefined> {
    const { incoming, shown, chat, who } = delivery
    if (shown === 'activity') {
      const known = await conversations.get(account.id, chat)
      return isOpen(known) ? known : undefined
    }
    const known = await names.find(account, who)
    const pushName = known ?? (incoming.fromMe ? undefined : incoming.pushName)
    return conversations.ensure(account, chat, () => peerOf(account, who, pushName))
  }

  async function post(account: Account, delivery: Delivery): Promise<Delivered | undefined> {
    const { incoming, shown, entry, again } = delivery
    const open = await openFor(account, delivery)
    if (open === undefined) return undefined
    const draft = await draftOf(account, incoming)
    const messageId = await postDraft({
      account,
      open,
      draft,
      keyId: incoming.id,
      fromMe: incoming.fromMe,
      shown,
      again,
      fileFailures: entry.fileFailures ?? 0,
    })
    return { open, messageId }
  }

  async function postOrReplace(
    account: Account,
    delivery: Delivery,
  ): Promise<Delivered | undefined> {
    try {
      return await post(account, delivery)
    } catch (error) {
      const known = await conversations.get(account.id, delivery.chat)
      if (!isNotFound(error) || known?.conversationId === undefined) throw error
      await conversations.forget(account.id, delivery.chat, known.conversationId)
      return post(account, delivery)
    }
  }

  return async (account: Account, delivery: Delivery): Promise<Delivered | undefined> => {
    try {
      return await postOrReplace(account, delivery)
    } catch (error) {
      // The turn that ends with this error keeps the entry.
      const { entry } = delivery
      if (isFileTrouble(error)) entry.fileFailures = (entry.fileFailures ?? 0) + 1
      throw error instanceof OutcomeUnknownError ? worthAnotherLook(error) : error
    }
  }
}

function isOpen(chat: Chat | undefined): chat is OpenChat {
  return chat?.conversationId !== undefined
}

function worthAnotherLook(lost: OutcomeUnknownError): TransientError {
  return new TransientError(lost.message, { code: lost.code, context: lost.context, cause: lost })
}
