import { cutText } from '../../../kernel/text.ts'
import type { Attachment } from '../../../platforms/chatwoot/shapes/message.ts'
import type { OutgoingContent } from '../../../platforms/wasender/outgoing-message.ts'
import { takesCaption } from '../../media/outbound/stored-file.ts'
import { splitText } from '../format/split-text.ts'
import { toWhatsApp } from '../format/to-whatsapp.ts'
import type { AgentMessage, PlanContext, ShownQuote } from './agent-message.ts'
import { saidBy } from './special.ts'

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

/**
 * Attachments without a file: places, cards and links, which API clients can make
 * (docs/platforms/chatwoot.md#attachments). Nothing when there is nothing to show.
 */
function attachedContent(attachment: Attachment): OutgoingContent[] {
  const { fileType, latitude, longitude, fallbackTitle: title } = attachment
  if (fileType === 'location' && latitude !== undefined && longitude !== undefined) {
    return [{ kind: 'location', latitude, longitude, ...(title ? { name: title } : {}) }]
  }
  if (fileType === 'contact' && title !== undefined && /^\+?[\d\s()./-]{6,}$/.test(title)) {
    return [{ kind: 'contact', name: title, phone: title.replace(/[^\d+]/g, '') }]
  }
  return title === undefined ? [] : [{ kind: 'text', text: title }]
}

/** Enough to know which message is meant. */
const MAX_LINES = 4
const MAX_CHARACTERS = 240
/** More cannot show, whatever marks and links are in it. */
const LONGEST_READ = 2_000

/**
 * A quote in words, ending with a line break: WhatsApp shows lines that begin with `> ` as a quote. For messages that
 * did not go through the API, since only those can be quoted natively (docs/platforms/wasender.md#in-short).
 */
export function quotedText({ text, author }: ShownQuote): string {
  const lines = shortened(toWhatsApp(cutText(text, LONGEST_READ)))
    .split('\n')
    .filter((line) => line.trim() !== '')
  const shown = lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), '…'] : lines
  const all = author === undefined || author === '' ? shown : [`*${author}*`, ...shown]
  return all.map((line) => `> ${line}\n`).join('')
}

/** Cuts between whole characters; a surrogate cut in two would show as a box. */
function shortened(text: string): string {
  const characters = Array.from(text)
  if (characters.length <= MAX_CHARACTERS) return text
  return `${characters.slice(0, MAX_CHARACTERS).join('').trimEnd()}…`
}

/**
 * What is put before an agent's text (option `agentName`), e.g. `*Ana*` and a line break; empty for everything a
 * machine wrote. The public name is preferred to the full one (docs/platforms/chatwoot.md#payloads).
 */
export function agentPrefix(message: AgentMessage, template: string): string {
  const { sender, messageType, contentAttributes } = message
  const isMachine =
    sender?.kind !== 'user' ||
    messageType !== 'outgoing' ||
    (contentAttributes.automation_rule_id ?? null) !== null
  if (template === '' || isMachine) return ''
  const name = (sender.availableName ?? sender.name).replace(/\s+/g, ' ').trim()
  return name === '' ? '' : template.replaceAll('{agent}', () => name)
}
