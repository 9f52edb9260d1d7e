import type { Content } from '../canonical.ts'
import { isNode } from './unwrap.ts'

/** Plain text: the node is the text itself. */
export function fromConversation(node: unknown, body: string | undefined): Content | undefined {
  return textOf(typeof node === 'string' ? node : undefined, body)
}

/** Text with a reply, a link preview, mentions or an ad around it. */
export function fromExtendedText(node: unknown, body: string | undefined): Content | undefined {
  return textOf(isNode(node) && typeof node.text === 'string' ? node.text : undefined, body)
}

/**
 * The text inside the node is what was written; `messageBody` is the gateway's copy of it and only fills in
 * when the node has none.
 */
function textOf(written: string | undefined, body: string | undefined): Content | undefined {
  const text = written !== undefined && written !== '' ? written : body
  return text === undefined || text === '' ? undefined : { kind: 'text', text }
}
