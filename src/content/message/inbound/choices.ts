import { z } from 'zod'
import { anything, label } from '../../../platforms/wasender/events/fields.ts'
import type { Converter, Source } from './converter.ts'
import { readNode } from './fields.ts'
import { isNode, type MessageNode } from './unwrap.ts'

const button = z.object({ selectedDisplayText: label, selectedButtonId: label, selectedId: label })

const row = z.object({ selectedRowId: label }).optional().catch(undefined)
const listReply = z.object({ title: label, description: label, singleSelectReply: row })

/** `buttonsResponseMessage` and `templateButtonReplyMessage`: the words on the button. */
export const fromButton: Converter = (node, source) => {
  const { selectedDisplayText, selectedButtonId, selectedId } = readNode(button, node)
  return chosen([selectedDisplayText, source.body, selectedButtonId, selectedId])
}

/** `listResponseMessage`: the title of the row. */
export const fromListReply: Converter = (node, source: Source) => {
  const { title, description, singleSelectReply } = readNode(listReply, node)
  return chosen([title, source.body, description, singleSelectReply?.selectedRowId])
}

/** The first words there are; ids are the last resort, because agents cannot read them. */
function chosen(candidates: readonly (string | undefined)[]) {
  const text = candidates.find((candidate) => candidate !== undefined && candidate !== '')
  return text === undefined ? undefined : { kind: 'choice' as const, text }
}

const replySchema = z.object({
  body: z.object({ text: label }).optional().catch(undefined),
  nativeFlowResponseMessage: z
    .object({ name: label, paramsJson: anything })
    .optional()
    .catch(undefined),
})

const choiceSchema = z.object({ display_text: label, title: label, description: label, id: label })

/** What belongs to the choice itself or to WhatsApp, and is no answer of the customer's. */
const NOT_ANSWERS = new Set([
  ...['display_text', 'title', 'description', 'id'],
  ...['flow_token', 'wa_flow_response_params', 'version', 'disabled'],
])

/**
 * `interactiveResponseMessage`: a quick reply, a row of a list or a filled-in form. What was chosen is inside a JSON
 * text of no fixed shape (docs/platforms/wasender.md#kinds-of-message).
 */
export const fromFlowReply: Converter = (node, source) => {
  const { body, nativeFlowResponseMessage: flow } = readNode(replySchema, node)
  const parameters = parametersOf(flow?.paramsJson)
  const { display_text, title, description, id } = readNode(choiceSchema, parameters)
  const answers = answersIn(parameters)
  const words = [display_text, title, body?.text, source.body].find((text) => text !== undefined)
  if (answers.length === 0) return chosen([words, description, id, flow?.name])
  return { kind: 'choice', text: [...(words === undefined ? [] : [words]), ...answers].join('\n') }
}

function parametersOf(raw: unknown): MessageNode {
  if (isNode(raw)) return raw
  if (typeof raw !== 'string') return {}
  try {
    const parsed: unknown = JSON.parse(raw)
    return isNode(parsed) ? parsed : {}
  } catch {
    // Cut off or no JSON at all: the words outside of it still say what was chosen.
    return {}
  }
}

/** A form's answers as lines, `screen_0_Name_0` without its place in the form. */
function answersIn(parameters: MessageNode): string[] {
  return Object.entries(parameters).flatMap(([name, value]) => {
    if (NOT_ANSWERS.has(name) || value == null || value === '') return []
    const question = name.replace(/^screen_\d+_/, '').replace(/_\d+$/, '')
    const answer = Array.isArray(value) ? value.map(written).join(', ') : written(value)
    return [`${question.replaceAll('_', ' ')}: ${answer}`]
  })
}

function written(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
