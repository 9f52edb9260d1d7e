import { el } from '../dom.js'

/** Turns pieces into nodes. Texts become text nodes, whatever they hold. */
export function nodesOf(pieces) {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : elementOf(piece)))
}

function elementOf({ tag, href, children }) {
  const link = href === undefined ? {} : { href, target: '_blank', rel: 'noopener noreferrer' }
  return el(tag, link, ...nodesOf(children))
}
