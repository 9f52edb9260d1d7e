import type { MessageEvent } from '../../chatwoot/events.ts'

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
