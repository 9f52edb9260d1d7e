import type { Image, Link } from 'mdast'
import { charAfter } from './characters.ts'
import { renderInside } from './render-children.ts'
import { type RenderContext, sourceOf, span } from './render-context.ts'
import { reveal } from './shield.ts'

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
