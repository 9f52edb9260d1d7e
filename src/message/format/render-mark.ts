import type { Delete, Emphasis, Nodes, Strong } from 'mdast'
import { charAfter, charBefore, isWord } from './characters.ts'
import { renderInside } from './render-children.ts'
import { type RenderContext, span } from './render-context.ts'
import type { WhatsAppMark } from './whatsapp-mark.ts'

const LAYOUT = /^[ \t>]*/

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
