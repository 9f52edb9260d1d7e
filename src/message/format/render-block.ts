import type { Blockquote, Heading, ListItem } from 'mdast'
import { renderInside, renderVerbatim } from './render-children.ts'
import { type RenderContext, sourceOf } from './render-context.ts'
import { wrap } from './render-mark.ts'

/** `*` and `+` start list items in Markdown. `+ 5 EUR` is an amount, not an item. */
const BULLET = /^(?:\*(?=\s+\S)|\+(?=\s+[^\s\d\p{Sc}]))/u

/** `>text` quotes in Markdown, WhatsApp wants a space. `>5` and `>=` are comparisons. */
const TIGHT_QUOTE = /^([ \t]*)>(?=[^\s\d=<-])/gm

/** WhatsApp has no headings: bold comes closest. */
export function renderHeading(node: Heading, context: RenderContext): string {
  const text = renderInside(node, { ...context, open: `${context.open}*` })
  return text.trim() === '' ? sourceOf(node, context) : wrap(text, '*', context)
}

/** A list item keeps its number and its indentation; every bullet becomes `-`. */
export function renderListItem(node: ListItem, context: RenderContext): string {
  return renderVerbatim(node, context).replace(BULLET, '-')
}

export function renderBlockquote(node: Blockquote, context: RenderContext): string {
  return renderVerbatim(node, context).replace(TIGHT_QUOTE, '$1> ')
}
