import { post } from '../api.js'
import { el, svg } from '../dom.js'

const PIN =
  'M12 22s7-6.6 7-12a7 7 0 1 0-14 0c0 5.4 7 12 7 12z M12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z'
const PERSON = 'M12 12a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z M3.5 21c.6-4.5 4-7 8.5-7s7.9 2.5 8.5 7z'

const card = (drawing, title, ...lines) =>
  el(
    'div',
    { class: 'card' },
    svg('0 0 24 24', drawing),
    el('div', {}, el('strong', {}, title), ...lines),
  )

/** A place with a link to a map, which is only asked when somebody follows it. */
export function locationCard({ latitude, longitude, name, address }) {
  const href = `https://maps.google.com/?q=${latitude},${longitude}`
  const link = el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, 'Open the map')
  const where = address === undefined ? [] : [el('div', {}, address)]
  return card(PIN, name ?? 'Location', ...where, el('div', {}, link))
}

export const contactCard = ({ name, phone }) => card(PERSON, name, el('div', {}, phone))

/** What a message is called, the words in it and its buttons, which belong to the business. */
export const wordsCard = ({ title, lines, buttons }) =>
  el(
    'div',
    { class: 'words' },
    el('span', { class: 'hint' }, title),
    ...lines.map((line) => el('div', {}, line)),
    ...buttons.map((label) => el('span', { class: 'words-button' }, label)),
  )

/** A bar that is filled to a share of its length. */
function bar(share) {
  const filled = el('i')
  filled.style.width = `${share * 100}%`
  return el('span', { class: 'bar', 'aria-hidden': 'true' }, filled)
}

/** A poll with its votes. Whoever holds the phone votes by choosing an option, unless it is a poll of theirs. */
export function pollCard({ keyId, author, poll }, { holder, chat }) {
  const canVote = poll.isOpen && holder !== 'business' && holder !== author
  const most = Math.max(1, ...poll.options.map(({ voters }) => voters.length))
  const options = poll.options.map(({ name, voters }) => {
    const count = el('span', { class: 'votes' }, String(voters.length))
    const row = [el('span', {}, name), count, bar(voters.length / most)]
    if (!canVote) return el('li', { class: 'option' }, ...row)
    const isChosen = String(voters.includes(holder))
    const attributes = { type: 'button', class: 'option', 'aria-pressed': isChosen }
    const button = el('button', { ...attributes, 'data-focus': name }, ...row)
    button.addEventListener('click', () => {
      post(`chats/${chat}/vote`, { from: holder, keyId, option: name })
    })
    return el('li', {}, button)
  })
  const hint = poll.isMultiple ? 'Choose any number' : 'Choose one'
  return el(
    'div',
    { class: 'poll' },
    el('strong', {}, poll.question),
    el('span', { class: 'hint' }, hint),
    el('ul', {}, ...options),
  )
}
