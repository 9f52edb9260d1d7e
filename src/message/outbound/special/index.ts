import type { OutgoingContent } from '../../../wasender/outgoing-message.ts'
import { toWhatsApp } from '../../format/to-whatsapp.ts'
import type { AgentMessage, PlanContext } from '../agent-message.ts'
import { fromArticle } from './article.ts'
import { fromCards } from './cards.ts'
import { fromForm } from './form.ts'
import { fromInputSelect } from './input-select.ts'
import { fromIntegration } from './integration.ts'

/** What a message says besides its files: WhatsApp text, and messages that follow it. */
export type Said = { text: string; contents: OutgoingContent[] }

type Convert = (message: AgentMessage, context: PlanContext) => Said

/**
 * Content types that are more than their text (docs/platforms/chatwoot.md#rich-content). All others, the satisfaction
 * survey with its link, greetings and bots among them, are complete in `content`.
 */
const SPECIAL: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ['input_select', fromInputSelect],
  ['cards', fromCards],
  ['form', fromForm],
  ['article', fromArticle],
  ['integrations', fromIntegration],
])

/** Chatwoot's special content types that have a converter of their own. */
export const SPECIAL_CONTENT_TYPES = [...SPECIAL.keys()]

/** Puts a Chatwoot message into words for WhatsApp. Pure; never throws. */
export function saidBy(message: AgentMessage, context: PlanContext): Said {
  const convert = SPECIAL.get(message.contentType)
  return convert?.(message, context) ?? { text: toWhatsApp(message.content ?? ''), contents: [] }
}
