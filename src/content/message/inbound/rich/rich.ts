import { cutText } from '../../../../kernel/text.ts'
import type { Content, MediaRef, RichPart } from '../../canonical.ts'

/** More parts than any message of a business has: WhatsApp allows ten cards with a few buttons each. */
const MOST_PARTS = 200
/** Of all parts together. Chatwoot takes 150,000 characters, and Markdown may double them. */
const LONGEST = 60_000
/** As many files as a message of Chatwoot may have (docs/platforms/chatwoot.md#uploads). */
const MOST_FILES = 15

/** What was read of a message that is made of parts. */
export type RichReading = { parts: RichPart[]; files: MediaRef[] }

/** A message made of parts, without what says nothing or is said twice. `undefined` when nothing is left. */
export function richContent(
  what: string,
  { parts, files = [] }: { parts: readonly (RichPart | undefined)[]; files?: readonly MediaRef[] },
): Content | undefined {
  const kept = bounded(parts.filter((part) => part !== undefined && saysSomething(part)))
  if (kept.length === 0 && files.length === 0) return undefined
  return { kind: 'rich', what, parts: kept, files: files.slice(0, MOST_FILES) }
}

/** The text of a part; empty for those that are numbers. */
export function textOf(part: RichPart): string {
  switch (part.as) {
    case 'link':
      return `${part.label ?? ''} ${part.url}`
    case 'phone':
      return `${part.label ?? ''} ${part.number}`
    case 'code':
      return `${part.label ?? ''} ${part.code}`
    case 'option':
      return `${part.text} ${part.more ?? ''}`
    case 'fact':
      return part.value
    case 'place':
      return `${part.name ?? ''} ${part.address ?? ''}`
    case 'time':
    case 'withheld':
      return ''
    default:
      return part.text
  }
}

function saysSomething(part: RichPart | undefined): part is RichPart {
  if (part === undefined) return false
  return part.as === 'time' || part.as === 'place' || part.as === 'withheld'
    ? true
    : textOf(part).trim() !== ''
}

function bounded(parts: readonly RichPart[]): RichPart[] {
  const kept: RichPart[] = []
  const said = new Set<string>()
  let room = LONGEST
  for (const part of parts) {
    const once = JSON.stringify(part)
    if (said.has(once)) continue
    if (room <= 0 || kept.length === MOST_PARTS) {
      kept.push({ as: 'small', text: '…' })
      break
    }
    said.add(once)
    kept.push(part.as === 'text' ? { ...part, text: cutText(part.text, room) } : part)
    room -= textOf(part).length
  }
  return kept
}
