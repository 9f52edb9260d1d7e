import { z } from 'zod'
import { label } from '../../wasender/events/fields.ts'
import type { Converter } from './converter.ts'
import { list, readNode, size } from './fields.ts'

const pollSchema = z.object({ name: label, options: list, selectableOptionsCount: size })
const optionSchema = z.object({ optionName: label, name: label })

/** The question and its options; any number of answers may be given unless exactly one is allowed. */
export const fromPoll: Converter = (node, { body }) => {
  const { name, options, selectableOptionsCount } = readNode(pollSchema, node)
  const text = name ?? body
  const names = options.flatMap((option) => optionName(option) ?? [])
  if (text === undefined && names.length === 0) return undefined
  return { kind: 'poll', text: text ?? '', options: names, multiple: selectableOptionsCount !== 1 }
}

function optionName(option: unknown): string | undefined {
  if (typeof option === 'string') return option
  const { optionName: name, name: other } = readNode(optionSchema, option)
  return name ?? other
}
