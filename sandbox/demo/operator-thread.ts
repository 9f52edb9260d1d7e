import type { ChatwootStandIn } from '../chatwoot/stand-in.ts'
import type { Message } from '../chatwoot/types.ts'
import { inboxOf } from './config.ts'

/** The helpdesk's conversation with the WhatsApp connection itself. */
export type OperatorThread = {
  conversation: number
  /** Oldest first. */
  thread(): Message[]
  /** The pictures of a QR code that can be seen now; usually one or none. */
  codes(): Message[]
}

/** Long enough for a slow machine; only what is broken takes it. */
const WAIT_MS = 15_000

/** Finds it, once the bridge has written there. */
export async function operatorThread(chatwoot: ChatwootStandIn): Promise<OperatorThread> {
  const identifier = operatorIdentifier(chatwoot)
  const first = await chatwoot.waitFor(
    () => {
      const contact = chatwoot.contacts().find((each) => each.identifier === identifier)
      const its = chatwoot.conversations().find(({ contactId }) => contactId === contact?.id)
      return its && chatwoot.messages(its.id)[0]
    },
    { description: 'the conversation "WhatsApp connection"', timeoutMs: WAIT_MS },
  )
  const conversation = first.conversationId
  const thread = () => chatwoot.messages(conversation)
  return { conversation, thread, codes: () => thread().filter(isCode) }
}

/** By which the helpdesk knows the contact "WhatsApp connection" of the one inbox. */
export const operatorIdentifier = (chatwoot: ChatwootStandIn): string =>
  `whatsapp-connection-${inboxOf(chatwoot).id}`

function isCode({ sourceId, contentAttributes }: Message): boolean {
  return sourceId?.startsWith('operator:qr:') === true && contentAttributes.deleted !== true
}
