import { setUpCompose } from '../compose.js'
import { byId, el, reconcile, setAttributes, setText, svg } from '../dom.js'
import { keepAtEnd } from '../scroll.js'
import { initials } from '../words.js'
import { createPhoneBubble } from './bubble.js'
import { createReading } from './reading.js'
import { SIDES } from './sides.js'

const PLANE = 'M3 20.5 21.5 12 3 3.5v6.6l12 1.9-12 1.9z'

/** The phone at the left. `update` gets every state of the demo. */
export function createPhone() {
  const chat = byId('chat')
  const readLater = createReading()
  const chosen = { phone: undefined, side: 'customer' }
  let state
  let shown = ''

  const person = () => state.people.find(({ phone }) => phone === chosen.phone) ?? state.people[0]

  function update(next) {
    state = next
    reconcile(byId('people'), state.people, { key: ({ phone }) => phone, create: personChoice })
    draw()
  }

  function personChoice() {
    const input = el('input', { type: 'radio', name: 'person' })
    const name = el('span')
    input.addEventListener('change', () => {
      chosen.phone = input.value
      draw()
    })
    return {
      element: el('label', {}, input, name),
      update(who) {
        input.value = who.phone
        input.checked = who.phone === person().phone
        setText(name, who.name)
      },
    }
  }

  function draw() {
    const who = person()
    const side = SIDES[chosen.side]
    const { name, phone } = side.title(state, who)
    setText(byId('phone-avatar'), initials(name))
    setText(byId('phone-name'), name)
    setText(byId('phone-about'), `${phone} · ${side.about(who)}`)
    setAttributes(byId('phone'), { 'data-side': chosen.side })
    const view = `${chosen.side} ${who.phone}`
    keepAtEnd(chat, view !== shown, () => drawMessages(who, side, view))
    shown = view
    readLater(who, side.reads && document.visibilityState === 'visible')
  }

  /** A bubble belongs to one side of one chat, so that switching draws new ones. */
  function drawMessages({ messages }, { isMine }, view) {
    reconcile(chat, messages, {
      key: ({ keyId }) => `${view} ${keyId}`,
      create: () => createPhoneBubble(isMine),
    })
  }

  byId('sides').addEventListener('change', (event) => {
    chosen.side = event.target.value
    draw()
  })
  document.addEventListener('visibilitychange', () => state && draw())
  const form = byId('phone-form')
  form.querySelector('button').append(svg('0 0 24 24', PLANE))
  setUpCompose(form, byId('phone-text'), (text) => SIDES[chosen.side].send(person(), text))
  return { update }
}
