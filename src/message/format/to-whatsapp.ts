import type { Nodes } from 'mdast'
import { parseMarkdown } from './parse-markdown.ts'
import { renderBlockquote, renderHeading, renderListItem } from './render-block.ts'
import { renderVerbatim } from './render-children.ts'
import { renderCode, renderInlineCode } from './render-code.ts'
import type { RenderContext } from './render-context.ts'
import { renderImage, renderLink } from './render-link.ts'
import { renderDelete, renderEmphasis, renderStrong } from './render-mark.ts'
import { renderBreak, renderText } from './render-text.ts'
import { isTooIntricate, reveal, shield } from './shield.ts'

type Renderers = {
  [Type in Nodes['type']]?: (node: Extract<Nodes, { type: Type }>, context: RenderContext) => string
}

/** Nodes that look different on WhatsApp. All others are copied as they are. */
const renderers: Renderers = {
  blockquote: renderBlockquote,
  break: renderBreak,
  code: renderCode,
  delete: renderDelete,
  emphasis: renderEmphasis,
  heading: renderHeading,
  image: renderImage,
  inlineCode: renderInlineCode,
  link: renderLink,
  listItem: renderListItem,
  strong: renderStrong,
  text: renderText,
}

/**
 * Turns what Chatwoot's editor, automations and bots write into WhatsApp's marks
 * (docs/platforms/chatwoot.md#the-editor):
 *
 * - `**bold**` → `*bold*`, `*italic*` → `_italic_`, `~~gone~~` → `~gone~`
 * - `[label](url)` → `label: url`, `# heading` → `*heading*`
 * - backslash and newline → newline; white space at the end is removed
 *
 * The editor does not escape what agents type, so anything doubtful stays as typed: `a*b*c`, URLs,
 * `snake_case`, `+ 5 EUR`; and so do texts with more lines and marks than people write, since reading
 * them would keep everything else waiting. Never throws.
 */
export function toWhatsApp(markdown: string): string {
  const source = shield(markdown.replace(/\r\n?/g, '\n'))
  // Only the line breaks of the old editor are resolved, which are no signs anybody typed.
  const rendered = isTooIntricate(source)
    ? source.replaceAll('\\\n', '\n')
    : renderNode(parseMarkdown(source), { source, open: '', render: renderNode })
  return reveal(rendered).trimEnd()
}

function renderNode(node: Nodes, context: RenderContext): string {
  // The table's types pair each node type with its renderer; a lookup by a union loses that
  // pairing.
  const render = renderers[node.type] as
    | ((node: Nodes, context: RenderContext) => string)
    | undefined
  return (render ?? renderVerbatim)(node, context)
}
