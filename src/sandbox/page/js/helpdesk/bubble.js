import { post } from '../api.js'
import { el, setAttributes, setText } from '../dom.js'
import { createTicks } from '../ticks.js'
import { timeOf } from '../words.js'
import { helpdeskBody } from './kinds.js'

/** One message in the helpdesk. */
export function createHelpdeskBubble() {
  const body = el('div', { class: 'body' })
  const who = el('span')
  const time = el('time')
  const ticks = createTicks()
  const meta = el('div', { class: 'meta' }, who, time, ticks.element)
  const failure = createFailure()
  const element = el('li', {}, body, meta, failure.element)
  let drawn

  return {
    element,
    update(message) {
      const isActivity = message.type === 'activity'
      setAttributes(element, { class: classOf(message), 'data-message-id': String(message.id) })
      const { content, contentType, attachments } = message
      const facts = JSON.stringify({ content, contentType, attachments })
      if (facts !== drawn) body.replaceChildren(...bodyOf(message))
      drawn = facts
      setText(who, authorOf(message))
      setText(time, timeOf(message.at))
      setAttributes(meta, { hidden: isActivity })
      setAttributes(ticks.element, { hidden: message.type !== 'outgoing' || message.private })
      ticks.update(message.status)
      failure.update(message)
    },
  }
}

const bodyOf = (message) =>
  message.type === 'activity' ? [message.content ?? ''] : helpdeskBody(message)

function classOf({ type, private: isNote, status }) {
  if (type === 'activity') return 'activity'
  const side = type === 'incoming' ? 'incoming' : 'outgoing'
  return ['bubble', side, isNote ? 'note' : '', status === 'failed' ? 'failed' : ''].join(' ')
}

function authorOf({ type, echo, private: isNote, sender }) {
  if (echo) return 'Typed on the phone'
  if (isNote) return `Private note by ${sender}`
  return type === 'template' ? 'Automatic' : sender
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
