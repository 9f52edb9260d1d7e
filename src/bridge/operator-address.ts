import type { Account } from '../accounts/account.ts'
import { isCommand } from '../content/commands/parse.ts'
import { asId, type InboxId, type SourceId } from '../kernel/ids.ts'
import type { MessageEvent } from '../platforms/chatwoot/events.ts'
import { classifyMessageEvent } from '../platforms/chatwoot/loop-rule.ts'
import type { ConversationRef } from '../platforms/chatwoot/shapes/conversation.ts'

/** Like no address of a chat (`people/contacts.ts`): nothing written there can be meant for somebody on WhatsApp. */
export const OPERATOR_SOURCE = asId<SourceId>('operator')

/** Inboxes of one Chatwoot account share their contacts, so each needs an operator of its own. */
export function operatorIdentifier(inboxId: InboxId): string {
  return `whatsapp-connection-${inboxId}`
}

/** Whether this is where the bridge and its operators talk. REST answers may lack the source id. */
export function isOperatorConversation(
  { inboxId }: Pick<Account, 'inboxId'>,
  { sourceId, contact }: Pick<ConversationRef, 'sourceId' | 'contact'>,
): boolean {
  return sourceId === OPERATOR_SOURCE || contact.identifier === operatorIdentifier(inboxId)
}

/**
 * Whether something written in the operator's conversation is for the bridge: what a person writes, as a message or a note.
 * Greetings, automations and the bridge's own lines are for nobody.
 */
export function isForOperator(event: MessageEvent): boolean {
  return (
    event.action === 'created' &&
    event.messageType === 'outgoing' &&
    event.sourceId === null &&
    event.sender?.kind === 'user' &&
    event.contentAttributes.deleted !== true
  )
}

/**
 * Messages for the customer, what operators write to the bridge, and commands. One with a source id may still be the bridge's
 * own, which `inbound/own-ids` knows.
 */
export function concernsWhatsapp(account: Account, event: MessageEvent): boolean {
  if (isOperatorConversation(account, event.conversation)) return isForOperator(event)
  const verdict = classifyMessageEvent(event)
  if (verdict.action !== 'ignore') return true
  return verdict.reason === 'private' && isCommandOfAgent(account, event)
}

/** A machine's note is never a command, whatever it says, and neither is an answer of the bridge. */
function isCommandOfAgent({ options }: Account, event: MessageEvent): boolean {
  const { content, sender, sourceId } = event
  const isAgents = event.private && sourceId === null && sender?.kind === 'user'
  return options.commands && isAgents && isCommand(content)
}
