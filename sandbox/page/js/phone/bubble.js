import { el, setAttributes, setText } from '../dom.js'
import { menuButton } from '../menu.js'
import { createQuote } from '../quote.js'
import { createTicks } from '../ticks.js'
import { timeOf } from '../words.js'
import { phoneBody, phoneLine } from './kinds.js'
import { messageMenu } from './message-menu.js'

/**
 * One message on the phone.
 *
 * @param {{ holder: string, chat: string, isGroup: boolean, nameOf: (author: string) => string,
 *   find: (keyId: string) => object | undefined, quote: (message) => void }} context
 */
export function createPhoneBubble(context) {
  const author = el('div', { class: 'author' })
  const quote = createQuote()
  const body = el('div', { class: 'body' })
  const note = el('span')
  const time = el('time')
  const ticks = createTicks()
  const reactions = el('span', { class: 'reactions' })
  let message
  const more = menuButton(
    el('button', { type: 'button', class: 'more', 'aria-label': 'Actions for this message' }, '⋯'),
    () => messageMenu(message, context),
  )
  const meta = el('div', { class: 'meta' }, note, time, ticks.element)
  const element = el('li', {}, author, quote.element, body, meta, reactions, more)
  let drawn

  return {
    element,
    update(next) {
      message = next
      const isMine = message.author === context.holder
      const isDeleted = message.deletedAt !== undefined
      const side = isMine ? 'mine' : 'other'
      setAttributes(element, {
        class: `bubble ${side} kind-${message.kind} ${isDeleted ? 'deleted' : ''}`,
        'data-key-id': message.keyId,
      })
      setAttributes(author, { hidden: isMine || !context.isGroup })
      setText(author, context.nameOf(message.author))
      quote.update(quotedBy(message, context))
      // The rest of a message may change without anything new to read.
      const content = JSON.stringify({ ...message, tick: 0, readAt: 0, reactions: 0 })
      if (content !== drawn) replaceBody(body, phoneBody(message, context))
      drawn = content
      setText(note, message.editedAt === undefined || isDeleted ? '' : 'Edited')
      setText(time, timeOf(message.at))
      setAttributes(ticks.element, { hidden: !isMine })
      ticks.update(message.tick)
      setAttributes(more, { hidden: isDeleted })
      drawReactions(reactions, isDeleted ? [] : message.reactions, context)
    },
  }
}

/** Keeps the focus, so that somebody can go on voting by keyboard. */
function replaceBody(body, children) {
  const { activeElement } = document
  const focused = body.contains(activeElement) ? activeElement.dataset.focus : undefined
  body.replaceChildren(...children)
  const again = [...body.querySelectorAll('[data-focus]')]
  again.find(({ dataset }) => dataset.focus === focused)?.focus()
}

function quotedBy({ quoted, deletedAt }, { find, nameOf }) {
  if (quoted === undefined || deletedAt !== undefined) return undefined
  const message = find(quoted)
  if (message === undefined) return { author: '', line: 'An older message' }
  return { author: nameOf(message.author), line: phoneLine(message) }
}

function drawReactions(place, reactions, { nameOf }) {
  const text = reactions.map(({ emoji }) => emoji).join('')
  setAttributes(place, { hidden: text === '' })
  if (place.textContent === text) return
  const label = reactions.map(({ author, emoji }) => `${emoji} by ${nameOf(author)}`).join(', ')
  setText(place, text)
  setAttributes(place, { role: 'img', 'aria-label': `Reactions: ${label}` })
}
