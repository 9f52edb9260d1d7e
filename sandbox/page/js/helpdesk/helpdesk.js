import { post } from '../api.js'
import { drawAvatar } from '../avatar.js'
import { byId, reconcile, setAttributes, setText } from '../dom.js'
import { keepAtEnd } from '../scroll.js'
import { authorOf, createHelpdeskBubble } from './bubble.js'
import { helpdeskLine } from './kinds.js'
import { createList } from './list.js'
import { setUpNewConversation } from './new-conversation.js'
import { setUpReplyBox } from './reply-box.js'

/** What the button does for a conversation that is open, and for any other. */
const BUTTON = {
  open: { label: 'Resolve', action: 'resolve' },
  other: { label: 'Reopen', action: 'reopen' },
}

/** The helpdesk at the right. `update` gets every state of the demo. */
export function createHelpdesk() {
  const messages = byId('messages')
  const scroll = keepAtEnd(messages)
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
      replyBox.clear()
      draw()
    },
  })

  const replyBox = setUpReplyBox(chosen, scroll.jump)
  const context = {
    find: (id) => chosen()?.messages.find((message) => message.id === id),
    quote: (message) =>
      replyBox.quote(message.id, { author: authorOf(message), line: helpdeskLine(message) }),
  }

  function draw() {
    const conversation = chosen()
    if (conversation !== undefined) drawThread(conversation)
    list.update(conversations, conversation?.id)
  }

  function drawThread(conversation) {
    // Otherwise the newest conversation would push itself in front of the agent.
    chosenId = conversation.id
    seen.set(conversation.id, conversation.messages.at(-1)?.id ?? 0)
    drawAvatar(byId('thread-avatar'), conversation.name, conversation.avatar)
    setText(byId('thread-name'), conversation.name)
    setText(byId('thread-about'), aboutOf(conversation))
    setText(statusButton, buttonOf(conversation).label)
    setAttributes(statusButton, { hidden: false })
    reconcile(messages, conversation.messages, {
      key: ({ id }) => id,
      create: () => createHelpdeskBubble(context),
    })
    if (shownId !== conversation.id) scroll.jump()
    shownId = conversation.id
  }

  statusButton.addEventListener('click', () => {
    const conversation = chosen()
    post(`conversations/${conversation.id}/${buttonOf(conversation).action}`)
  })
  setUpNewConversation()

  return {
    update(state) {
      conversations = state.conversations
      setText(byId('agent'), state.agent)
      draw()
    },
  }
}

function aboutOf({ isOperator, phone, status }) {
  const who = isOperator ? 'Tells of the connection, takes commands' : (phone ?? 'no number')
  return `${who} · ${status}`
}

const buttonOf = ({ status }) => BUTTON[status] ?? BUTTON.other
