import type { Code, InlineCode } from 'mdast'
import { type RenderContext, sourceOf } from './render-context.ts'

const BLOCK = '```'
const CLOSING_FENCE = /^[ \t>]*(`{3,}|~{3,})[ \t]*$/

/**
 * Inline code. WhatsApp's single backtick can hold neither a backtick nor a line break, its triple
 * backtick both.
 */
export function renderInlineCode(node: InlineCode, context: RenderContext): string {
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
export function renderCode(node: Code, context: RenderContext): string {
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
