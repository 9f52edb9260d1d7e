import { post } from '../api.js'
import { createChoices } from '../choices.js'
import { setUpCompose } from '../compose.js'
import { byId, reconcile, setAttributes, setText, svg } from '../dom.js'
import { menuButton } from '../menu.js'
import { createQuoteBar } from '../quote.js'
import { keepAtEnd } from '../scroll.js'
import { initials } from '../words.js'
import { attachMenu } from './attach.js'
import { createPhoneBubble } from './bubble.js'
import { holdersOf, titleOf } from './holders.js'
import { phoneLine } from './kinds.js'
import { createReading } from './reading.js'

const PLANE = 'M3 20.5 21.5 12 3 3.5v6.6l12 1.9-12 1.9z'
const PLUS = 'M11 4h2v7h7v2h-7v7h-2v-7H4v-2h7z'

/** Nobody types longer without a new mark. */
const TYPING_MS = 5000

/** The phone at the left. `update` gets every state of the demo. */
export function createPhone() {
  const list = byId('chat')
  const scroll = keepAtEnd(list)
  const readLater = createReading()
  const quoteBar = createQuoteBar(byId('phone-quote'), byId('phone-text'))
  const chats = createChoices(byId('people'), 'chat', (id) => choose({ id, holder: undefined }))
  const holders = createChoices(byId('sides'), 'side', (holder) => choose({ ...chosen, holder }))
  let chosen = {}
  let state
  let shown = ''
  let typing

  const chat = () => state.chats.find(({ id }) => id === chosen.id) ?? state.chats[0]
  const holder = () => chosen.holder ?? chat().members[0].phone
  const nameOf = (author) =>
    chat().members.find(({ phone }) => phone === author)?.name ?? state.business.name

  function choose(next) {
    chosen = next
    quoteBar.clear()
    draw()
  }

  function draw() {
    const shownChat = chat()
    chats.update(
      state.chats.map(({ id, name }) => ({ value: id, label: name })),
      shownChat.id,
    )
    holders.update(
      holdersOf(shownChat).map(({ holder: value, label }) => ({ value, label })),
      holder(),
    )
    drawHead(shownChat)
    const view = `${holder()} ${shownChat.id}`
    drawMessages(shownChat, view)
    if (view !== shown) scroll.jump()
    shown = view
    readLater(shownChat, holder(), document.visibilityState === 'visible')
  }

  function drawHead(shownChat) {
    const { name, about } = titleOf(state, shownChat, holder())
    const typingFor = Date.now() - (shownChat.typingSince ?? 0)
    const isTyping = holder() !== 'business' && typingFor < TYPING_MS
    clearTimeout(typing)
    if (isTyping) typing = setTimeout(draw, TYPING_MS - typingFor)
    setText(byId('phone-avatar'), initials(name))
    setText(byId('phone-name'), name)
    setText(byId('phone-about'), isTyping ? 'typing …' : about)
    setAttributes(byId('phone'), { 'data-side': holder() === 'business' ? 'business' : 'customer' })
  }

  /** A bubble belongs to one phone of one chat, so that switching draws new ones. */
  function drawMessages({ id, isGroup, messages }, view) {
    const context = {
      ...{ holder: holder(), chat: id, isGroup, nameOf },
      find: (keyId) => chat().messages.find((message) => message.keyId === keyId),
      quote: (message) =>
        quoteBar.choose(message.keyId, {
          author: nameOf(message.author),
          line: phoneLine(message),
        }),
    }
    reconcile(list, messages, {
      key: ({ keyId }) => `${view} ${keyId}`,
      create: () => createPhoneBubble(context),
    })
  }

  async function send(text) {
    const said = { kind: 'text', text, quoted: quoteBar.chosen() }
    quoteBar.clear()
    scroll.jump()
    return post(`chats/${chat().id}/say`, { from: holder(), said })
  }

  document.addEventListener('visibilitychange', () => state && draw())
  byId('phone-send').append(svg('0 0 24 24', PLANE))
  const button = byId('phone-attach')
  menuButton(button, () =>
    attachMenu({ holder: holder(), chat: chat().id, isGroup: chat().isGroup, button }),
  ).append(svg('0 0 24 24', PLUS))
  setUpCompose(byId('phone-form'), byId('phone-text'), send)
  return {
    update(next) {
      state = next
      draw()
    },
  }
}
