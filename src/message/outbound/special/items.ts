import { z } from 'zod'
import { field, listOf, text } from '../../../chatwoot/shapes/lenient.ts'
import type { AgentMessage } from '../agent-message.ts'

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

export type Item = z.output<typeof item>

const items = listOf(item)

/** `content_attributes.items`, leaving out what cannot be read. */
export function itemsOf(message: AgentMessage): Item[] {
  return items.parse(message.contentAttributes.items)
}

/** Joins what there is, one below the other. */
export function lines(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n')
}

/** `1. First`, `2. Second`: a customer can answer with the number. */
export function numbered(titles: readonly string[]): string {
  return titles.map((title, index) => `${index + 1}. ${title}`).join('\n')
}
