import { post } from '../api.js'
import { byId, reconcile, setAttributes, setText } from '../dom.js'
import { keepAtEnd } from '../scroll.js'
import { createHelpdeskBubble } from './bubble.js'
import { createList } from './list.js'
import { setUpReplyBox } from './reply-box.js'

/** What the button does for a conversation that is open, and for any other. */
const BUTTON = {
  open: { label: 'Resolve', action: 'resolve' },
  other: { label: 'Reopen', action: 'reopen' },
}

/** The helpdesk at the right. `update` gets every state of the demo. */
export function createHelpdesk() {
  const messages = byId('messages')
  const statusButton = byId('thread-status')
  /** Per conversation the id of the last message the agent has seen. */
  const seen = new Map()
  let chosenId
  let shownId
  let conversations = []

  const chosen = () => conversations.find(({ id }) => id === chosenId) ?? conversations[0]
  const unreadOf = ({ id, messages: all }) =>
    all.filter((message) => message.type === 'incoming' && message.id > (seen.get(id) ?? 0)).length
  const list = createList({
    unreadOf,
    onChoose: (id) => {
      chosenId = id
      draw()
    },
  })

  function draw() {
    const conversation = chosen()
    if (conversation !== undefined) drawThread(conversation)
    list.update(conversations, conversation?.id)
  }

  function drawThread(conversation) {
    // Otherwise the newest conversation would push itself in front of the agent.
    chosenId = conversation.id
    seen.set(conversation.id, conversation.messages.at(-1)?.id ?? 0)
    setText(byId('thread-name'), conversation.name)
    setText(byId('thread-about'), `${conversation.phone ?? 'no number'} · ${conversation.status}`)
    setText(statusButton, buttonOf(conversation).label)
    setAttributes(statusButton, { hidden: false })
    keepAtEnd(messages, shownId !== conversation.id, () =>
      reconcile(messages, conversation.messages, {
        key: ({ id }) => id,
        create: createHelpdeskBubble,
      }),
    )
    shownId = conversation.id
  }

  statusButton.addEventListener('click', () => {
    const conversation = chosen()
    post(`conversations/${conversation.id}/${buttonOf(conversation).action}`)
  })
  setUpReplyBox(() => chosen()?.id)

  return {
    update(state) {
      conversations = state.conversations
      setText(byId('agent'), state.agent)
      draw()
    },
  }
}

const buttonOf = ({ status }) => BUTTON[status] ?? BUTTON.other
