import { isRecord } from '../../../chatwoot/shapes/lenient.ts'
import { toWhatsApp } from '../../format/to-whatsapp.ts'
import type { AgentMessage } from '../agent-message.ts'
import type { Said } from './index.ts'
import { lines } from './items.ts'

/** A video call or another integration: its text and the first address among its data. */
export function fromIntegration(message: AgentMessage): Said {
  const text = toWhatsApp(message.content ?? '')
  const { data } = message.contentAttributes
  const link = isRecord(data) ? Object.values(data).find(isLink) : undefined
  return {
    text: link === undefined || text.includes(link) ? text : lines(text, link),
    contents: [],
  }
}

function isLink(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\/\S+$/.test(value)
}
