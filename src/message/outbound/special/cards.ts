import type { OutgoingContent } from '../../../wasender/outgoing-message.ts'
import { toWhatsApp } from '../../format/to-whatsapp.ts'
import type { AgentMessage } from '../agent-message.ts'
import type { Said } from './index.ts'
import { type Item, itemsOf, lines } from './items.ts'

/** What WasenderAPI fetches as a picture (docs/platforms/wasender.md#sending); others are shown by their address. */
const PICTURE = /^https?:\/\/[^?#]+\.(?:jpe?g|png)(?:[?#]|$)/i

/** Cards: each with its picture, text and links. Buttons have no counterpart, so their words are shown. */
export function fromCards(message: AgentMessage): Said {
  return { text: toWhatsApp(message.content ?? ''), contents: itemsOf(message).flatMap(cardOf) }
}

function cardOf(item: Item): OutgoingContent[] {
  const { media_url: picture } = item
  const isPicture = picture !== undefined && PICTURE.test(picture)
  const text = lines(
    item.title === undefined ? undefined : `*${item.title}*`,
    item.description,
    isPicture ? undefined : picture,
    ...item.actions.map(actionLine),
  )
  if (isPicture) return [{ kind: 'image', url: picture, ...(text === '' ? {} : { caption: text }) }]
  return text === '' ? [] : [{ kind: 'text', text }]
}

function actionLine({ text, uri }: Item['actions'][number]): string | undefined {
  if (uri === undefined) return text === undefined ? undefined : `- ${text}`
  return text === undefined ? uri : `${text}: ${uri}`
}
