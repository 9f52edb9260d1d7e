import { el, setAttributes, setText } from '../dom.js'
import { createTicks } from '../ticks.js'
import { timeOf } from '../words.js'
import { phoneBody } from './kinds.js'

/** One message on the phone. `isMine` tells on whose side of the chat it is. */
export function createPhoneBubble(isMine) {
  const body = el('div', { class: 'body' })
  const note = el('span')
  const time = el('time')
  const ticks = createTicks()
  const meta = el('div', { class: 'meta' }, note, time, ticks.element)
  const element = el('li', { class: 'bubble' }, body, meta)
  let drawn

  return {
    element,
    update(message) {
      const mine = isMine(message)
      const deleted = message.deletedAt === undefined ? '' : 'deleted'
      setAttributes(element, {
        class: `bubble ${mine ? 'mine' : 'other'} ${deleted}`,
        'data-key-id': message.keyId,
      })
      // The rest of a message may change without anything new to read.
      const content = JSON.stringify({ ...message, tick: undefined, readAt: undefined })
      if (content !== drawn) body.replaceChildren(...phoneBody(message))
      drawn = content
      setText(note, message.editedAt === undefined ? '' : 'Edited')
      setText(time, timeOf(message.at))
      setAttributes(ticks.element, { hidden: !mine })
      ticks.update(message.tick)
    },
  }
}
