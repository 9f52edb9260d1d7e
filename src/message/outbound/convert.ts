import type { Texts } from '../../locale/index.ts'
import type { OutgoingContent } from '../../wasender/outgoing-message.ts'
import { toWhatsApp } from '../format/to-whatsapp.ts'

/** The part of a Chatwoot message that decides what is sent. */
export type AgentMessage = {
  content: string | null
  attachments: readonly unknown[]
}

export type Outgoing = { parts: OutgoingContent[] } | { refuse: string }

/** Turns an agent's message into the WhatsApp messages it is made of, in order. Pure. */
export function convertAgentMessage(message: AgentMessage, texts: Texts): Outgoing {
  if (message.attachments.length > 0) return { refuse: texts.failed.attachment }
  const text = toWhatsApp(message.content ?? '')
  if (text === '') return { refuse: texts.failed.empty }
  return { parts: [{ kind: 'text', text }] }
}
