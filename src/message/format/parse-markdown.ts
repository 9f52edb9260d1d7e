import type { Root } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmStrikethroughFromMarkdown } from 'mdast-util-gfm-strikethrough'
import { gfmStrikethrough } from 'micromark-extension-gfm-strikethrough'

/**
 * Constructs Chatwoot's texts do not mean: the dashboard escapes HTML, agents indent and underline
 * for looks, and `[1]: …` is a footnote to them. What is disabled stays literal text.
 */
const NOT_MEANT = ['codeIndented', 'definition', 'htmlFlow', 'htmlText', 'setextUnderline']

/**
 * CommonMark plus `~~strike~~`, with source positions on every node. A single tilde is not a mark
 * here, because `~5 to ~6` is how people write "about".
 */
export function parseMarkdown(source: string): Root {
  return fromMarkdown(source, {
    extensions: [gfmStrikethrough({ singleTilde: false }), { disable: { null: NOT_MEANT } }],
    mdastExtensions: [gfmStrikethroughFromMarkdown()],
  })
}
