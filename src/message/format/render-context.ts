import type { Nodes } from 'mdast'

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
export function span(node: Nodes): { from: number; to: number } {
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
