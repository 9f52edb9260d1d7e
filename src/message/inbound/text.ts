import type { Content } from '../canonical.ts'
import type { Converter, Source } from './converter.ts'
import { isNode } from './unwrap.ts'

/** Plain text: the node is the text itself. */
export const fromConversation: Converter = (node, source) =>
  textOf(typeof node === 'string' ? node : undefined, source)

/** Text with a reply, a link preview, mentions or an ad around it. */
export const fromExtendedText: Converter = (node, source) =>
  textOf(isNode(node) && typeof node.text === 'string' ? node.text : undefined, source)

/**
 * The text inside the node is what was written; the gateway's copy of it only fills in when the node has none.
 */
function textOf(written: string | undefined, { body }: Source): Content | undefined {
  const text = written !== undefined && written !== '' ? written : body
  return text === undefined || text === '' ? undefined : { kind: 'text', text }
}
