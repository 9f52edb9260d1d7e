import type { MessageEvent } from './events/types.ts'

/**
 * What to do about a message event, as far as the event alone can tell. `ignore` still answers 2xx: Chatwoot would mark
 * the message failed otherwise (docs/platforms/chatwoot.md#failed-callbacks).
 */
export type MessageVerdict =
  | { action: 'ignore'; reason: IgnoreReason }
  | { action: 'send' }
  | { action: 'update' }

/** `own`: written by the bridge. `private`: an agent's note, which may be a command for the bridge. */
export type IgnoreReason = 'own' | 'private' | 'incoming' | 'activity'

type Rule = { reason: IgnoreReason; applies: (event: MessageEvent) => boolean }

/**
 * Rules 2 and 3 of the loop rule (docs/platforms/chatwoot.md#where-messages-come-from). For notes the source id is
 * asked first: the bridge answers commands with notes, and its answers must never be taken for commands. A source id
 * elsewhere can be another program's, so whose it is needs memory, too; with the mark of an echo it says that it is on
 * WhatsApp already.
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
 * The part of the loop rule that needs no memory. The rest (rules 3 to 6: ids known as created or
 * already sent) belongs to whoever keeps the journal: a `send` for a known id is an `update`, an
 * `update` for an unknown, not deleted id is a `send`.
 */
export function classifyMessageEvent(event: MessageEvent): MessageVerdict {
  const rule = RULES.find(({ applies }) => applies(event))
  if (rule !== undefined) return { action: 'ignore', reason: rule.reason }
  // Payloads are built late: a created event can already show the deletion (docs/platforms/chatwoot.md#delivery).
  const deleted = event.contentAttributes.deleted === true
  return { action: event.action === 'created' && !deleted ? 'send' : 'update' }
}
