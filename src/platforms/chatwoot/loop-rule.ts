import type { MessageEvent } from './events.ts'

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
