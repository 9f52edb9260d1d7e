import { toWhatsApp } from '../../format/to-whatsapp.ts'
import type { AgentMessage, PlanContext } from '../agent-message.ts'
import type { Said } from './index.ts'
import { type Item, itemsOf, lines, numbered } from './items.ts'

/** A form: its questions, to be answered in words. */
export function fromForm(message: AgentMessage, { texts }: PlanContext): Said {
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
