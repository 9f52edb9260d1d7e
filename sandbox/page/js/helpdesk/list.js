import { drawAvatar } from '../avatar.js'
import { byId, el, reconcile, setAttributes, setText } from '../dom.js'
import { timeOf } from '../words.js'
import { helpdeskLine } from './kinds.js'

/** One line of the list: the latest thing said, without its marks. */
function lastLine({ messages }) {
  const last = messages.findLast(({ type }) => type !== 'activity')
  return last === undefined ? '' : helpdeskLine(last)
}

/**
 * The list of conversations. `unreadOf` counts what the agent has not seen.
 *
 * @param {{ onChoose: (id: number) => void, unreadOf: (conversation) => number }} options
 */
export function createList({ onChoose, unreadOf }) {
  const empty = el('li', { class: 'empty' }, 'Nobody has written yet. Type something on the phone.')
  const list = byId('conversations')
  let chosen

  function createRow() {
    const avatar = el('span', { class: 'avatar', 'aria-hidden': 'true' })
    const name = el('span', { class: 'name' })
    const time = el('time')
    const last = el('span', { class: 'last' })
    const badge = el('span', { class: 'badge' })
    const button = el(
      'button',
      { type: 'button', class: 'conversation' },
      ...[avatar, name, time, last, badge],
    )
    let id
    button.addEventListener('click', () => onChoose(id))
    return {
      element: el('li', {}, button),
      update(conversation) {
        id = conversation.id
        const unread = unreadOf(conversation)
        drawAvatar(avatar, conversation.name, conversation.avatar)
        setText(name, conversation.name)
        setText(time, timeOf(conversation.lastActivityAt))
        setText(last, lastLine(conversation))
        setText(badge, String(unread))
        setAttributes(badge, { hidden: unread === 0, 'aria-label': `${unread} unread` })
        setAttributes(button, { 'aria-current': String(id === chosen) })
      },
    }
  }

  return {
    update(conversations, chosenId) {
      chosen = chosenId
      if (conversations.length === 0) list.replaceChildren(empty)
      else empty.remove()
      reconcile(list, conversations, { key: ({ id }) => id, create: createRow })
    },
  }
}
