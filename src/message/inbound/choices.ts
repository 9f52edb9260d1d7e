import { z } from 'zod'
import { label } from '../../wasender/events/fields.ts'
import type { Converter, Source } from './converter.ts'
import { readNode } from './fields.ts'

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
export function chosen(candidates: readonly (string | undefined)[]) {
  const text = candidates.find((candidate) => candidate !== undefined && candidate !== '')
  return text === undefined ? undefined : { kind: 'choice' as const, text }
}
