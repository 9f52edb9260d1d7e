import type { Account } from '../../account.ts'
import type { ConversationRef } from '../../chatwoot/shapes/conversation.ts'
import { asId, type InboxId, type SourceId } from '../../ids.ts'

/** Like no address of a chat (`identity/source-id.ts`): nothing written there can be meant for somebody on WhatsApp. */
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
