import type { Attachment } from '../../chatwoot/shapes/attachment.ts'
import { takesCaption } from '../../media/outbound/described-file.ts'
import type { OutgoingContent } from '../../wasender/outgoing-message.ts'
import { splitText } from '../format/split-text.ts'
import type { AgentMessage, PlanContext } from './agent-message.ts'
import { agentPrefix } from './agent-name.ts'
import { attachedContent } from './attached-content.ts'
import { quotedText } from './quoted-text.ts'
import { saidBy } from './special/index.ts'

/** One WhatsApp message to be made. Files are fetched right before they are sent, not all at once. */
export type PlannedPart =
  | { from: 'content'; content: OutgoingContent }
  | { from: 'file'; attachment: Attachment; caption?: string }

/** What WhatsApp's own app lets people write below a picture. */
const CAPTION_LIMIT = 1024

/**
 * The WhatsApp messages an agent's message is made of, in order: text, files, then what special content brings along.
 * The text goes below the first file where that can show it. Nothing to send: no parts. Pure, and the same for the same
 * message, since the journal knows the parts by their position.
 */
export function planMessage(message: AgentMessage, context: PlanContext): PlannedPart[] {
  const said = saidBy(message, context)
  const text = composed(message, context, said.text)
  const attachments = inOrder(message.attachments)
  const [first] = attachments
  const goesBelow =
    first !== undefined && text !== '' && text.length <= CAPTION_LIMIT && takesCaption(first)
  const files = attachments.flatMap((attachment, index) =>
    attachedPart(attachment, goesBelow && index === 0 ? text : undefined),
  )
  const before = goesBelow ? [] : splitText(text).map(textPart)
  return [...before, ...files, ...said.contents.map(contentPart)]
}

/** The agent's name, the quote and the text itself, as far as there are any. */
function composed(message: AgentMessage, { options, quote }: PlanContext, text: string): string {
  const quoted = quote === undefined ? '' : quotedText(quote)
  if (text === '' && quoted === '') return ''
  return `${agentPrefix(message, options.agentName)}${quoted}${text}`.trimEnd()
}

function attachedPart(attachment: Attachment, caption: string | undefined): PlannedPart[] {
  if (attachment.dataUrl === undefined) return attachedContent(attachment).map(contentPart)
  return [{ from: 'file', attachment, ...(caption === undefined ? {} : { caption }) }]
}

const textPart = (text: string): PlannedPart => contentPart({ kind: 'text', text })
const contentPart = (content: OutgoingContent): PlannedPart => ({ from: 'content', content })

/** By id: Chatwoot's database does not promise an order, and a retry has to find the same one. */
function inOrder(attachments: readonly Attachment[]): Attachment[] {
  return [...attachments].sort((a, b) => (a.id ?? 0) - (b.id ?? 0))
}
