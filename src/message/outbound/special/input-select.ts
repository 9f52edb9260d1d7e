import { toWhatsApp } from '../../format/to-whatsapp.ts'
import type { AgentMessage, PlanContext } from '../agent-message.ts'
import type { Said } from './index.ts'
import { itemsOf, lines, numbered } from './items.ts'

/** What a poll can hold (docs/platforms/wasender.md#sending); the lengths are those of WhatsApp's own app. */
const MAX_OPTIONS = 12
const MAX_QUESTION = 255
const MAX_OPTION = 100

/** A choice: numbered text, or a poll where the option `selectAs` says so and it fits into one. */
export function fromInputSelect(message: AgentMessage, { options }: PlanContext): Said {
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
