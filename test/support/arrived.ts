import type { Message } from '../../sandbox/chatwoot/types.ts'
import type { World } from './world.ts'

/** The Chatwoot message made from this WhatsApp message, once it is there. */
export function arrived({ chatwoot }: World, keyId: string): Promise<Message> {
  return chatwoot.waitFor(() => chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId), {
    timeoutMs: 20_000,
    description: 'a WhatsApp message to be in Chatwoot',
  })
}

/** Every message that quotes this one, oldest first. */
export function quoting({ chatwoot }: World, { id, conversationId }: Message): Message[] {
  return chatwoot
    .messages(conversationId)
    .filter(({ contentAttributes }) => contentAttributes.in_reply_to === id)
}
