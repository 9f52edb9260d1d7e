import type { Nodes } from 'mdast'
import { type RenderContext, span } from './render-context.ts'
import { SEPARATOR } from './separator.ts'

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
