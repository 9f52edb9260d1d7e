import type { AccountOptions } from '../../../config/schema.ts'
import type { MessageEvent } from '../../../platforms/chatwoot/events.ts'
import type { Texts } from '../../locale/index.ts'

/** The part of a Chatwoot message that decides what is sent. */
export type AgentMessage = Pick<
  MessageEvent,
  'content' | 'contentType' | 'contentAttributes' | 'messageType' | 'sender' | 'attachments'
>

/** A quoted message that WhatsApp cannot be pointed at: its words are shown instead. */
export type ShownQuote = {
  /** Markdown. */
  text: string
  /** Who wrote it; absent for our own. */
  author?: string
}

export type PlanContext = {
  texts: Texts
  options: Pick<AccountOptions, 'agentName' | 'selectAs'>
  quote?: ShownQuote
}
