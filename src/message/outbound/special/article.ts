import { toWhatsApp } from '../../format/to-whatsapp.ts'
import type { AgentMessage } from '../agent-message.ts'
import type { Said } from './index.ts'
import { itemsOf, lines } from './items.ts'

/** Articles of the help centre: title, description and link of each. */
export function fromArticle(message: AgentMessage): Said {
  const articles = itemsOf(message)
    .map((item) =>
      lines(item.title === undefined ? undefined : `*${item.title}*`, item.description, item.link),
    )
    .filter((article) => article !== '')
  const lead = toWhatsApp(message.content ?? '')
  return { text: [lead, ...articles].filter((part) => part !== '').join('\n\n'), contents: [] }
}
