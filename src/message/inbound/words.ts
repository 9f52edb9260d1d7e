import { isNode, type MessageNode, unwrap } from './unwrap.ts'

/** Where the nodes that can be edited keep what was written. */
const FIELDS = ['text', 'caption', 'contentText', 'name'] as const

/** The text or caption of a message, of whatever kind it is. */
export function wordsIn(message: MessageNode): string | undefined {
  const { node } = unwrap(message)
  if (typeof node === 'string') return node
  if (!isNode(node)) return undefined
  return FIELDS.map((field) => node[field]).find((value) => typeof value === 'string')
}
