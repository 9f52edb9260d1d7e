import type { Account } from '../accounts/account.ts'
import { isCommand } from '../content/commands/parse.ts'
import { asId, type InboxId, type SourceId } from '../kernel/ids.ts'
import type { MessageEvent } from '../platforms/chatwoot/events.ts'
import type { ConversationRef } from '../platforms/chatwoot/shapes/message.ts'

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
 * own, which `inbound/dedupe` knows.
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

/**
 * What to do about a message event, as far as the event alone can tell. `ignore` still answers 2xx: Chatwoot would mark
 * the message failed otherwise (docs/platforms/chatwoot.md#failed-callbacks).
 */
type MessageVerdict =
  | { action: 'ignore'; reason: IgnoreReason }
  | { action: 'send' }
  | { action: 'update' }

/** `own`: written by the bridge. `private`: an agent's note, which may be a command for the bridge. */
type IgnoreReason = 'own' | 'private' | 'incoming' | 'activity'

type Rule = { reason: IgnoreReason; applies: (event: MessageEvent) => boolean }

/**
 * Reasons that show in the event itself (docs/platforms/chatwoot.md#where-messages-come-from); the first that applies is
 * told. A note with a source id is the bridge's own: its answers to commands are notes, and must never be taken for
 * commands. Other messages with a source id may be another program's, so that alone decides nothing; with the mark of an
 * echo they are on WhatsApp already.
 */
const RULES: readonly Rule[] = [
  { reason: 'own', applies: (event) => event.private && event.sourceId !== null },
  { reason: 'private', applies: (event) => event.private },
  { reason: 'incoming', applies: (event) => event.messageType === 'incoming' },
  { reason: 'activity', applies: (event) => event.messageType === 'activity' },
  { reason: 'own', applies: isEcho },
]

/** Old releases drop the mark. A deletion is news also of what was typed on the phone. */
function isEcho({ sourceId, contentAttributes }: MessageEvent): boolean {
  const { external_echo: echo, deleted } = contentAttributes
  return sourceId !== null && echo === true && deleted !== true
}

/**
 * The part of the rule that needs no memory. The rest belongs to whoever keeps the journal: a `send` for an id that is
 * known as created or sent is an `update`, and an `update` for an unknown id that is not deleted is a `send`.
 */
export function classifyMessageEvent(event: MessageEvent): MessageVerdict {
  const rule = RULES.find(({ applies }) => applies(event))
  if (rule !== undefined) return { action: 'ignore', reason: rule.reason }
  // Payloads are built late: a created event can already show the deletion (docs/platforms/chatwoot.md#delivery).
  const deleted = event.contentAttributes.deleted === true
  return { action: event.action === 'created' && !deleted ? 'send' : 'update' }
}
