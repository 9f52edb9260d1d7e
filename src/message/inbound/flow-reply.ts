import { z } from 'zod'
import { anything, label } from '../../wasender/events/fields.ts'
import { chosen } from './choices.ts'
import type { Converter } from './converter.ts'
import { readNode } from './fields.ts'
import { isNode, type MessageNode } from './unwrap.ts'

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
