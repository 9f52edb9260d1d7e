import type { Account } from '../account.ts'
import { isNotFound } from '../chatwoot/client.ts'
import { OutcomeUnknownError, TransientError } from '../errors.ts'
import type { Conversations, OpenChat } from '../identity/conversations.ts'
import { peerOf } from '../identity/peer.ts'
import type { Who } from '../identity/people.ts'
import type { ChatId, MessageId } from '../ids.ts'
import type { CanonicalMessage } from '../message/canonical.ts'
import { draftFor } from '../message/inbound/draft.ts'
import type { InEvent } from './events.ts'
import type { Journal } from './journal.ts'
import { postDraft } from './post-draft.ts'

/** A WhatsApp message with everything known of where it belongs. */
export type Delivery = {
  event: InEvent
  message: CanonicalMessage
  chat: ChatId
  who: Who
  /** An earlier attempt may have succeeded without the bridge learning of it. */
  again: boolean
}

export type Delivered = { open: OpenChat; messageId: MessageId }

/**
 * Posts a message into its chat's conversation. A conversation that was deleted in Chatwoot is replaced once;
 * everything that is created is looked for first, so a lost answer is merely a reason to try again.
 */
export function createDeliverInbound(deps: { conversations: Conversations; journal: Journal }) {
  const { conversations, journal } = deps

  async function post(account: Account, delivery: Delivery): Promise<Delivered> {
    const { event, message, chat, who, again } = delivery
    const pushName = event.key.fromMe ? undefined : event.pushName
    const open = await conversations.ensure(account, chat, () => peerOf(account, who, pushName))
    const draft = draftFor(message, account.texts, authorOf(event))
    const messageId = await postDraft({ account, journal, open, draft, event, again })
    return { open, messageId }
  }

  async function postOrReplace(account: Account, delivery: Delivery): Promise<Delivered> {
    try {
      return await post(account, delivery)
    } catch (error) {
      const known = await conversations.get(account.id, delivery.chat)
      if (!isNotFound(error) || known?.conversationId === undefined) throw error
      await conversations.forget(account.id, delivery.chat, known.conversationId)
      return post(account, delivery)
    }
  }

  return async (account: Account, delivery: Delivery): Promise<Delivered> => {
    try {
      return await postOrReplace(account, delivery)
    } catch (error) {
      throw error instanceof OutcomeUnknownError ? worthAnotherLook(error) : error
    }
  }
}

/** Who wrote inside a group; a direct chat needs no name before the text. */
function authorOf({ key, pushName }: InEvent): string | undefined {
  if (key.chat.kind !== 'group' || key.fromMe) return undefined
  const number = key.participantPhone === undefined ? undefined : `+${key.participantPhone}`
  return pushName || number
}

function worthAnotherLook(lost: OutcomeUnknownError): TransientError {
  return new TransientError(lost.message, { code: lost.code, context: lost.context, cause: lost })
}
