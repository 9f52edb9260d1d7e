import { el } from '../dom.js'
import { nodesOf } from '../marks/render.js'
import { parseWhatsapp } from '../marks/whatsapp.js'

/** What a message of each kind looks like on the phone. One entry here is all that a further kind needs. */
const KINDS = {
  text: ({ text }) => [el('div', { class: 'text' }, ...nodesOf(parseWhatsapp(text ?? '')))],
}

const gone = () => [el('div', { class: 'text' }, 'This message was deleted')]

/** A kind without an entry is named, with its caption if it has one. */
function other({ kind, text }) {
  const chip = el('span', { class: 'chip' }, kind)
  return text ? [chip, ...KINDS.text({ text })] : [chip]
}

/** The inside of a bubble on the phone. */
export function phoneBody(message) {
  const draw = message.deletedAt === undefined ? (KINDS[message.kind] ?? other) : gone
  return draw(message)
}
