import { post } from '../api.js'
import { setUpCompose } from '../compose.js'
import { byId, setAttributes, setText } from '../dom.js'

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
    placeholder: 'Only colleagues see this …',
    button: 'Add note',
    isPrivate: true,
  },
}

/** The box below a conversation. `conversationId` tells where its text goes. */
export function setUpReplyBox(conversationId) {
  const form = byId('reply-form')
  const box = byId('reply-text')
  let kind = 'reply'

  function draw() {
    const { label, placeholder, button } = KINDS[kind]
    setAttributes(form, { 'data-kind': kind })
    setAttributes(box, { placeholder })
    setText(byId('reply-label'), label)
    setText(byId('reply-send'), button)
  }

  byId('reply-kind').addEventListener('change', (event) => {
    kind = event.target.value
    draw()
    box.focus()
  })
  setUpCompose(form, box, async (text) => {
    const id = conversationId()
    if (id === undefined) return false
    return post(`conversations/${id}/replies`, { text, private: KINDS[kind].isPrivate })
  })
  draw()
}
