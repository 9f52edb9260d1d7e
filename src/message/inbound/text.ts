import { z } from 'zod'
import { label } from '../../wasender/events/fields.ts'
import type { Content } from '../canonical.ts'
import type { Converter, Source } from './converter.ts'
import { readNode } from './fields.ts'
import { isNode } from './unwrap.ts'

/** Plain text: the node is the text itself. */
export const fromConversation: Converter = (node, source) =>
  textOf(typeof node === 'string' ? node : undefined, source)

const previewSchema = z.object({
  title: label,
  description: label,
  canonicalUrl: label,
  matchedText: label,
})

/** Text with a reply, a link preview, mentions or an ad around it. Without a text the preview is what was sent. */
export const fromExtendedText: Converter = (node, source) => {
  const written = textOf(writtenIn(node), source)
  if (written !== undefined) return written
  const { title, description, canonicalUrl, matchedText } = readNode(previewSchema, node)
  const lines = [title, description, matchedText ?? canonicalUrl]
  return textOf(lines.filter((line) => line !== undefined).join('\n'), {})
}

/** `questionResponseMessage`: the answer to a question, in words. */
export const fromAnswer: Converter = (node, source) => textOf(writtenIn(node), source)

function writtenIn(node: unknown): string | undefined {
  return isNode(node) && typeof node.text === 'string' ? node.text : undefined
}

/**
 * The text inside the node is what was written; the gateway's copy of it only fills in when the node has none.
 */
function textOf(written: string | undefined, { body }: Source): Content | undefined {
  const text = written !== undefined && written !== '' ? written : body
  return text === undefined || text === '' ? undefined : { kind: 'text', text }
}
