import { post } from '../api.js'
import { setUpCompose } from '../compose.js'
import { byId, setAttributes, setText } from '../dom.js'
import { menuButton } from '../menu.js'
import { createQuoteBar } from '../quote.js'
import { attachItems, commandItems } from './extras.js'
import { createPendingFiles } from './pending-files.js'
import { createTyping } from './typing.js'

/** What the box says for each kind of message. */
const KINDS = {
  reply: {
    label: 'Reply to the customer',
    placeholder: 'Write a reply …',
    button: 'Send',
    isPrivate: false,
  },
  note: {
    label: 'Private note',
    placeholder: 'Only colleagues see this. ! begins a command …',
    button: 'Add note',
    isPrivate: true,
  },
}

/**
 * The box below a conversation. `conversation` tells where its text goes.
 *
 * @param {() => { id: number, isOperator: boolean } | undefined} conversation
 * @param {() => void} onSent
 */
export function setUpReplyBox(conversation, onSent) {
  const conversationId = () => conversation()?.id
  const form = byId('reply-form')
  const box = byId('reply-text')
  const quoteBar = createQuoteBar(byId('reply-quote'), box)
  const files = createPendingFiles(byId('reply-files'))
  const typing = createTyping(conversationId)
  let kind = 'reply'

  function draw() {
    const { label, placeholder, button } = KINDS[kind]
    setAttributes(form, { 'data-kind': kind })
    setAttributes(box, { placeholder })
    setText(byId('reply-label'), label)
    setText(byId('reply-send'), button)
  }

  function add(more) {
    files.add(more)
    box.focus()
  }

  function write(command) {
    kind = 'note'
    form.elements.kind.value = kind
    draw()
    box.value = command
    box.focus()
  }

  async function send(text) {
    const id = conversationId()
    if (id === undefined) return false
    const taken = files.take()
    const quoted = quoteBar.chosen()
    quoteBar.clear()
    typing.stop()
    const isSent = await post(`conversations/${id}/replies`, {
      text,
      private: KINDS[kind].isPrivate,
      inReplyTo: quoted,
      files: taken.map(({ file }) => file),
    })
    if (isSent) onSent()
    else files.add(taken)
    return isSent
  }

  byId('reply-kind').addEventListener('change', (event) => {
    kind = event.target.value
    draw()
    box.focus()
  })
  box.addEventListener('input', () => typing.typed(KINDS[kind].isPrivate))
  menuButton(byId('reply-attach'), () => attachItems(add))
  menuButton(byId('reply-commands'), () => commandItems(conversation()?.isOperator === true, write))
  setUpCompose(form, box, send, () => !files.isEmpty())
  draw()
  return { quote: quoteBar.choose, clear: quoteBar.clear }
}
