import type { Break, Delete, Emphasis, Image, Link, Nodes, Strong, Text } from 'mdast'
import { charAfter, charBefore, INDENT, isSpace, isWord, SEPARATOR } from './characters.ts'
import { reveal } from './shield.ts'
import type { WhatsAppMark } from './to-markdown.ts'

/**
 * Renders a node's children and copies everything between, before and after them from the source.
 */
export function renderVerbatim(node: Nodes, context: RenderContext): string {
  const { from, to } = span(node)
  return 'children' in node
    ? stitch(node.children, from, to, context)
    : context.source.slice(from, to)
}

/** Renders a node's children and what lies between them, without the syntax around them. */
export function renderInside(node: Nodes, context: RenderContext): string {
  const children = 'children' in node ? node.children : []
  const first = children.at(0)
  const last = children.at(-1)
  if (first === undefined || last === undefined) return ''
  return stitch(children, span(first).from, span(last).to, context)
}

/**
 * Copying the gaps is what keeps newlines, list markers, quote markers and indentation exactly as
 * they were typed: only nodes that look different on WhatsApp are written anew.
 */
function stitch(
  children: readonly Nodes[],
  from: number,
  to: number,
  context: RenderContext,
): string {
  let out = ''
  let at = from
  for (const child of children) {
    const childSpan = span(child)
    out += gap(context.source.slice(at, childSpan.from)) + context.render(child, context)
    at = childSpan.to
  }
  return out + gap(context.source.slice(at, to))
}

function gap(text: string): string {
  return text === SEPARATOR ? '\n' : text
}

/** What a renderer needs besides its node. */
export type RenderContext = {
  /** The Markdown the positions of nodes refer to, shielded. */
  readonly source: string
  /** Marks already open around the node: WhatsApp cannot nest a mark in itself. */
  readonly open: string
  /** Renders a child. */
  readonly render: (node: Nodes, context: RenderContext) => string
}

/** Where a node begins and ends in the source. */
function span(node: Nodes): { from: number; to: number } {
  const from = node.position?.start.offset
  const to = node.position?.end.offset
  if (from === undefined || to === undefined) throw new TypeError(`A ${node.type} has no position`)
  return { from, to }
}

/** The Markdown a node was made from. */
export function sourceOf(node: Nodes, context: RenderContext): string {
  const { from, to } = span(node)
  return context.source.slice(from, to)
}

/**
 * What the parser strips from continuation lines: indentation and the markers of the quotes around.
 */
const LAYOUT = /^[ \t>]*/
const LEADING_INDENT = new RegExp(`^${INDENT}+`)
const ODD_BACKSLASHES = /(?<!\\)(?:\\\\)*\\$/

/**
 * Plain text: escapes and character references are resolved by the parser; the layout it strips
 * from each further line is put back from the source.
 */
export function renderText(node: Text, context: RenderContext): string {
  const source = sourceOf(node, context)
  const { from, to } = span(node)
  const lines = node.value.split('\n')
  const sourceLines = source.split('\n')
  // A reference to a newline (`&#10;`) makes more lines than the source has.
  if (lines.length !== sourceLines.length) return node.value
  const isLineStart = isSpace(charBefore(context.source, from))
  const rendered = lines.map((line, index) => {
    const layout = index === 0 ? '' : (LAYOUT.exec(sourceLines[index] ?? '')?.[0] ?? '')
    return layout + (index > 0 || isLineStart ? withPlainIndent(line) : line)
  })
  return withoutStrayBackslash(rendered.join('\n'), source, context.source.charAt(to))
}

/**
 * A hard break. Chatwoot 4.9 to 4.12 writes every line break as backslash and newline
 * (docs/platforms/chatwoot.md#content).
 */
export function renderBreak(_node: Break, _context: RenderContext): string {
  return '\n'
}

function withPlainIndent(line: string): string {
  return line.replace(LEADING_INDENT, (indent) => ' '.repeat(indent.length))
}

/**
 * Before an empty line a backslash is no hard break to the parser, but the old editor meant one.
 */
function withoutStrayBackslash(text: string, source: string, next: string): string {
  return next === '\n' && ODD_BACKSLASHES.test(source) ? text.slice(0, -1) : text
}

/** `**x**` and `__x__` become `*x*`. */
export function renderStrong(node: Strong, context: RenderContext): string {
  return renderMark(node, '*', 2, context)
}

/** `~~x~~` becomes `~x~`. */
export function renderDelete(node: Delete, context: RenderContext): string {
  return renderMark(node, '~', 2, context)
}

/**
 * `*x*` and `_x_` become `_x_`; `***x***`, which the parser reads as italic around bold, becomes
 * `*_x_*`.
 */
export function renderEmphasis(node: Emphasis, context: RenderContext): string {
  const [child, ...others] = node.children
  const isBoth = context.source.startsWith('***', span(node).from)
  if (!isBoth || child?.type !== 'strong' || others.length > 0 || touchesWord(node, context)) {
    return renderMark(node, '_', 1, context)
  }
  const inside = renderInside(child, { ...context, open: `${context.open}*_` })
  return wrap(wrap(inside, '_', context), '*', context)
}

/**
 * Wraps every line by itself, since a mark of WhatsApp ends at the end of its line. Does nothing
 * inside the same mark.
 */
export function wrap(text: string, mark: WhatsAppMark, context: RenderContext): string {
  if (context.open.includes(mark)) return text
  return text
    .split('\n')
    .map((line, index) => wrapLine(line, mark, index > 0))
    .join('\n')
}

function renderMark(
  node: Strong | Emphasis | Delete,
  mark: WhatsAppMark,
  width: number,
  context: RenderContext,
): string {
  const inside = renderInside(node, { ...context, open: context.open + mark })
  if (!touchesWord(node, context)) return wrap(inside, mark, context)
  const { from, to } = span(node)
  return context.source.slice(from, from + width) + inside + context.source.slice(to - width, to)
}

/**
 * `a*b*c` and `2**3**4` are formatted to CommonMark, but people mean the characters; WhatsApp shows
 * no mark there either way.
 */
function touchesWord(node: Nodes, { source }: RenderContext): boolean {
  const { from, to } = span(node)
  return isWord(charBefore(source, from)) || isWord(charAfter(source, to))
}

function wrapLine(line: string, mark: WhatsAppMark, isContinuation: boolean): string {
  const layout = isContinuation ? (LAYOUT.exec(line)?.[0] ?? '') : ''
  const rest = line.slice(layout.length)
  const core = rest.trim()
  if (core === '') return line
  const at = rest.indexOf(core)
  return layout + rest.slice(0, at) + mark + core + mark + rest.slice(at + core.length)
}

/**
 * A destination worth showing: with a scheme, or at least with a host. Anything else may be
 * `array[i](x)`.
 */
const ABSOLUTE =
  /^(?:[a-z][a-z0-9+.-]*:|\/\/|www\.|(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?:[/?#:]|$))/i

/** Would become part of a URL written right before it. */
const CONTINUES_URL = /[\p{L}\p{N}/_&=#%@~+-]/u

/** Schemes whose destination reads better without the scheme, and what is shown instead. */
const SHOWN: Readonly<Record<string, (url: string) => string>> = {
  'mailto:': (url) => url.slice('mailto:'.length).replace(/\?.*$/s, ''),
  'tel:': (url) => url.slice('tel:'.length),
  // A mentioned agent or team: the label `@Name` says it all (docs/platforms/chatwoot.md#the-editor).
  'mention:': () => '',
}

/** `[label](url)` becomes `label: url`, or the URL alone when the label says the same. */
export function renderLink(node: Link, context: RenderContext): string {
  if (sourceOf(node, context).startsWith('<')) return sourceOf(node, context).slice(1, -1)
  if (!ABSOLUTE.test(reveal(node.url))) return verbatimLink(node, context)
  const text = labelled(renderInside(node, context), node.url)
  return text + spaceAfter(text, node, context)
}

/** `![alt](url)` becomes `alt: url`. */
export function renderImage(node: Image, context: RenderContext): string {
  if (!ABSOLUTE.test(reveal(node.url))) return sourceOf(node, context)
  const text = labelled(node.alt ?? '', node.url)
  return text + spaceAfter(text, node, context)
}

function labelled(label: string, url: string): string {
  const shown = shownUrl(url)
  if (shown === '') return label
  if (label.trim() === '' || bare(label) === bare(url)) return shown
  return `${label}: ${shown}`
}

function shownUrl(url: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0].toLowerCase() ?? ''
  return SHOWN[scheme]?.(url) ?? url
}

/** A URL or label without the differences people do not see. */
function bare(text: string): string {
  return reveal(text)
    .trim()
    .toLowerCase()
    .replace(/^(?:https?:\/\/|mailto:|tel:)/, '')
    .replace(/\/$/, '')
}

function verbatimLink(node: Link, context: RenderContext): string {
  const last = node.children.at(-1)
  if (last === undefined) return sourceOf(node, context)
  return `[${renderInside(node, context)}${context.source.slice(span(last).to, span(node).to)}`
}

function spaceAfter(text: string, node: Link | Image, context: RenderContext): string {
  const next = charAfter(context.source, span(node).to)
  return text.endsWith(shownUrl(node.url)) && CONTINUES_URL.test(next) ? ' ' : ''
}
