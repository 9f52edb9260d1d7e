import type { Blockquote, Code, Heading, InlineCode, ListItem, Nodes, Root } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmStrikethroughFromMarkdown } from 'mdast-util-gfm-strikethrough'
import { gfmStrikethrough } from 'micromark-extension-gfm-strikethrough'
import {
  type RenderContext,
  renderBreak,
  renderDelete,
  renderEmphasis,
  renderImage,
  renderInside,
  renderLink,
  renderStrong,
  renderText,
  renderVerbatim,
  sourceOf,
  wrap,
} from './render-children.ts'
import { isTooIntricate, reveal, shield } from './shield.ts'

/** `*` and `+` start list items in Markdown. `+ 5 EUR` is an amount, not an item. */
const BULLET = /^(?:\*(?=\s+\S)|\+(?=\s+[^\s\d\p{Sc}]))/u

/** `>text` quotes in Markdown, WhatsApp wants a space. `>5` and `>=` are comparisons. */
const TIGHT_QUOTE = /^([ \t]*)>(?=[^\s\d=<-])/gm

/** WhatsApp has no headings: bold comes closest. */
function renderHeading(node: Heading, context: RenderContext): string {
  const text = renderInside(node, { ...context, open: `${context.open}*` })
  return text.trim() === '' ? sourceOf(node, context) : wrap(text, '*', context)
}

/** A list item keeps its number and its indentation; every bullet becomes `-`. */
function renderListItem(node: ListItem, context: RenderContext): string {
  return renderVerbatim(node, context).replace(BULLET, '-')
}

function renderBlockquote(node: Blockquote, context: RenderContext): string {
  return renderVerbatim(node, context).replace(TIGHT_QUOTE, '$1> ')
}

const BLOCK = '```'
const CLOSING_FENCE = /^[ \t>]*(`{3,}|~{3,})[ \t]*$/

/**
 * Inline code. WhatsApp's single backtick can hold neither a backtick nor a line break, its triple
 * backtick both.
 */
function renderInlineCode(node: InlineCode, context: RenderContext): string {
  const source = sourceOf(node, context)
  const width = /^`+/.exec(source)?.[0].length ?? 1
  const isPlain = width === 1 && !source.includes('\n')
  if (isPlain || width === BLOCK.length) return source
  const code = withoutPadding(source.slice(width, -width))
  const fitsNeither = code.includes(BLOCK) || code.startsWith('`') || code.endsWith('`')
  if (fitsNeither) return code
  const mark = code.includes('`') || code.includes('\n') ? BLOCK : '`'
  return mark + code + mark
}

/**
 * A fenced block keeps its lines; the language goes, because WhatsApp would show it as code. Code
 * that contains triple backticks cannot be fenced on WhatsApp and is sent as text.
 *
 * A fence that is not closed on a line of its own is WhatsApp's spelling, typed in Chatwoot: its
 * first line is code, not a language. It is left alone.
 */
function renderCode(node: Code, context: RenderContext): string {
  const source = sourceOf(node, context)
  const [opening = '', ...lines] = source.split('\n')
  const closing = closingFence(opening, lines.at(-1) ?? '')
  if (closing === undefined || node.value === '') return source
  const body = lines.slice(0, -1)
  if (node.value.includes(BLOCK)) return body.join('\n')
  // More than one word is no language but a line of code.
  const first = node.meta ? opening.replace(/^~+/, BLOCK) : BLOCK
  return [first, ...body, closing].join('\n')
}

/**
 * The closing fence in backticks, with the layout before it; undefined when the block was never
 * closed.
 */
function closingFence(opening: string, line: string): string | undefined {
  const fence = CLOSING_FENCE.exec(line)?.[1]
  const isClosed = fence !== undefined && opening.startsWith(fence.slice(0, 3)) && fence.length >= 3
  return isClosed ? line.replace(fence, BLOCK).trimEnd() : undefined
}

/** Markdown lets code that starts or ends with a backtick be padded by one space. */
function withoutPadding(code: string): string {
  const isPadded = code.startsWith(' ') && code.endsWith(' ') && code.trim() !== ''
  return isPadded ? code.slice(1, -1) : code
}

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
