import { post } from '../api.js'
import { el, setAttributes, setText } from '../dom.js'
import { menuButton } from '../menu.js'
import { createQuote } from '../quote.js'
import { createTicks } from '../ticks.js'
import { timeOf } from '../words.js'
import { helpdeskBody, helpdeskLine } from './kinds.js'

/**
 * One message in the helpdesk.
 *
 * @param {{ find: (id: number) => object | undefined, quote: (message) => void }} context
 */
export function createHelpdeskBubble(context) {
  const quote = createQuote()
  const body = el('div')
  const inside = el('div', { class: 'body' }, quote.element, body)
  const who = el('span')
  const time = el('time')
  const ticks = createTicks()
  const meta = el('div', { class: 'meta' }, who, time, ticks.element)
  const failure = createFailure()
  let message
  const more = menuButton(
    el('button', { type: 'button', class: 'more', 'aria-label': 'Actions for this message' }, '⋯'),
    () => menuOf(message, context),
  )
  const element = el('li', {}, inside, meta, failure.element, more)
  let drawn

  return {
    element,
    update(next) {
      message = next
      const isActivity = message.type === 'activity'
      setAttributes(element, { class: classOf(message), 'data-message-id': String(message.id) })
      quote.update(quotedBy(message, context))
      const { content, contentType, attachments, deleted } = message
      const facts = JSON.stringify({ content, contentType, attachments, deleted })
      if (facts !== drawn) body.replaceChildren(...helpdeskBody(message))
      drawn = facts
      setText(who, authorOf(message))
      setText(time, timeOf(message.at))
      setAttributes(meta, { hidden: isActivity })
      setAttributes(more, { hidden: isActivity || message.deleted })
      setAttributes(ticks.element, { hidden: message.type !== 'outgoing' || message.private })
      ticks.update(message.status)
      failure.update(message)
    },
  }
}

/** What an agent can do with a message. */
function menuOf(message, { quote }) {
  const isOwn = message.type === 'outgoing'
  const remove = { label: 'Delete', run: () => post(`messages/${message.id}/delete`) }
  return [{ label: 'Reply', run: () => quote(message) }, ...(isOwn ? [remove] : [])]
}

function quotedBy({ inReplyTo, type }, { find }) {
  if (inReplyTo === null || type === 'activity') return undefined
  const message = find(inReplyTo)
  if (message === undefined) return { author: '', line: 'An older message' }
  return { author: authorOf(message), line: helpdeskLine(message) }
}

function classOf({ type, private: isNote, status, deleted }) {
  if (type === 'activity') return 'activity'
  const marks = { note: isNote, failed: status === 'failed', deleted }
  const given = Object.keys(marks).filter((mark) => marks[mark])
  return ['bubble', type === 'incoming' ? 'incoming' : 'outgoing', ...given].join(' ')
}

export function authorOf({ type, echo, private: isNote, sender }) {
  if (echo) return 'Typed on the phone'
  if (isNote) return `Private note by ${sender}`
  return type === 'template' || (type === 'outgoing' && sender === '') ? 'Automatic' : sender
}

/** Why a message was not sent, and the button that tries again. */
function createFailure() {
  const reason = el('span')
  const retry = el('button', { type: 'button', class: 'button small' }, 'Retry')
  const element = el('div', { class: 'failure', hidden: true }, reason, retry)
  let id
  retry.addEventListener('click', () => post(`messages/${id}/retry`))
  return {
    element,
    update(message) {
      id = message.id
      setAttributes(element, { hidden: message.status !== 'failed' })
      setText(reason, message.error ?? 'Not sent')
    },
  }
}
