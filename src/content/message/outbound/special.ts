import { z } from 'zod'
import { field, isRecord, listOf, text } from '../../../platforms/chatwoot/shapes/lenient.ts'
import type { OutgoingContent } from '../../../platforms/wasender/outgoing-message.ts'
import { toWhatsApp } from '../format/to-whatsapp.ts'
import type { AgentMessage, PlanContext } from './agent-message.ts'

/** A video call or another integration: its text and the first address among its data. */
function fromIntegration(message: AgentMessage): Said {
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

/** What a poll can hold (docs/platforms/wasender.md#sending); the lengths are those of WhatsApp's own app. */
const MAX_OPTIONS = 12
const MAX_QUESTION = 255
const MAX_OPTION = 100

/** A choice: numbered text, or a poll where the option `selectAs` says so and it fits into one. */
function fromInputSelect(message: AgentMessage, { options }: PlanContext): Said {
  const question = toWhatsApp(message.content ?? '')
  const titles = itemsOf(message).flatMap((item) => item.title ?? item.value ?? [])
  if (options.selectAs === 'poll' && fitsPoll(question, titles)) {
    return { text: '', contents: [{ kind: 'poll', question, options: titles }] }
  }
  return { text: lines(question, numbered(titles)), contents: [] }
}

function fitsPoll(question: string, titles: readonly string[]): boolean {
  return (
    question !== '' &&
    question.length <= MAX_QUESTION &&
    titles.length >= 2 &&
    titles.length <= MAX_OPTIONS &&
    titles.every((title) => title.length <= MAX_OPTION) &&
    new Set(titles).size === titles.length
  )
}

/** A form: its questions, to be answered in words. */
function fromForm(message: AgentMessage, { texts }: PlanContext): Said {
  const questions = itemsOf(message)
    .map(questionOf)
    .filter((question) => question !== '')
  const lead = toWhatsApp(message.content ?? '')
  if (questions.length === 0) return { text: lead, contents: [] }
  return { text: lines(lead, texts.outbound.form, numbered(questions)), contents: [] }
}

function questionOf(item: Item): string {
  const question = item.label ?? item.placeholder ?? item.title ?? item.name ?? ''
  const choices = item.options.flatMap((option) => option.label ?? option.value ?? [])
  return choices.length === 0 ? question : `${question} (${choices.join(', ')})`
}

/** What WasenderAPI fetches as a picture (docs/platforms/wasender.md#sending); others are shown by their address. */
const PICTURE = /^https?:\/\/[^?#]+\.(?:jpe?g|png)(?:[?#]|$)/i

/** Cards: each with its picture, text and links. Buttons have no counterpart, so their words are shown. */
function fromCards(message: AgentMessage): Said {
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

/** Articles of the help centre: title, description and link of each. */
function fromArticle(message: AgentMessage): Said {
  const articles = itemsOf(message)
    .map((item) =>
      lines(item.title === undefined ? undefined : `*${item.title}*`, item.description, item.link),
    )
    .filter((article) => article !== '')
  const lead = toWhatsApp(message.content ?? '')
  return { text: [lead, ...articles].filter((part) => part !== '').join('\n\n'), contents: [] }
}

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

/** Form fields may come as number, and a title as nothing but white space. */
const words = field((value) => {
  const written = typeof value === 'number' ? String(value) : value
  return typeof written === 'string' && written.trim() !== '' ? written.trim() : undefined
})

const action = z.object({ type: text, text: words, uri: text })

/** Every key any of the special content types uses (docs/platforms/chatwoot.md#rich-content). */
const item = z.object({
  title: words,
  value: words,
  description: words,
  media_url: text,
  link: text,
  label: words,
  name: words,
  placeholder: words,
  options: listOf(z.object({ label: words, value: words })),
  actions: listOf(action),
})

type Item = z.output<typeof item>

const items = listOf(item)

/** `content_attributes.items`, leaving out what cannot be read. */
function itemsOf(message: AgentMessage): Item[] {
  return items.parse(message.contentAttributes.items)
}

/** Joins what there is, one below the other. */
function lines(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n')
}

/** `1. First`, `2. Second`: a customer can answer with the number. */
function numbered(titles: readonly string[]): string {
  return titles.map((title, index) => `${index + 1}. ${title}`).join('\n')
}
