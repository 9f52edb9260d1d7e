import type { ReachRow } from './row.ts'
import type { Stage } from './stage.ts'

/** Lets the customer write something that is told by this event alone. */
const written =
  (event: string): ReachRow['run'] =>
  async ({ maria, arrived }) => {
    await arrived(maria.sendText(`Told by ${event}`, { events: [event] }).keyId)
  }

/** An agent's message that is on the phone, with its WhatsApp id. */
async function sent(stage: Stage, text = 'It costs 24.') {
  const { id } = await stage.reply(text)
  const [got] = await stage.received(1)
  await stage.status(id, 'delivered')
  return { id, keyId: String(got?.keyId) }
}

const quotes = (id: number) => (message: { contentAttributes: Record<string, unknown> }) =>
  message.contentAttributes.in_reply_to === id

/** A group both are in, with a conversation. */
async function inGroup(stage: Stage) {
  const group = stage.wasender.group({ subject: 'Plans', participants: [stage.phone] })
  const voice = stage.maria.inGroup(group.jid)
  const first = await stage.arrived(voice.sendText('Hi all').keyId)
  const line = (part: string) =>
    stage.chatwoot.waitFor(
      () =>
        stage.chatwoot
          .messages(first.conversationId)
          .find((m) => m.messageType === 'activity' && m.content?.includes(part)),
      { timeoutMs: 20_000 },
    )
  return { group, voice, first, line }
}

const jidOf = (stage: Stage) => `${stage.phone.slice(1)}@s.whatsapp.net`

async function isNamed(stage: Stage, name: string): Promise<void> {
  const isIt = () => stage.chatwoot.contacts().some((contact) => contact.name === name)
  // Pictures go first, one a second, as the gateway allows.
  await stage.chatwoot.waitFor(isIt, { timeoutMs: 60_000 })
}

/** The webhooks about messages. */
export const MESSAGE_EVENTS: readonly ReachRow[] = [
  {
    name: 'messages.upsert',
    how: 'a message in the conversation',
    run: written('messages.upsert'),
  },
  {
    name: 'messages.received',
    how: 'the same; told twice or three times it is one message',
    run: written('messages.received'),
  },
  {
    name: 'messages-personal.received',
    how: 'the same',
    run: written('messages-personal.received'),
  },
  {
    name: 'messages-group.received',
    how: 'a message in the conversation of the group, with its author',
    async run(stage) {
      const { voice } = await inGroup(stage)
      const events = ['messages-group.received']
      await stage.arrived(voice.sendText('To all', { events }).keyId)
    },
  },
  {
    name: 'messages-newsletter.received',
    how: 'a message in the conversation of the channel, with `options.channels: bridge`',
    async run({ maria, arrived }) {
      const channel = maria.inChat('120363999999999999@newsletter')
      const { keyId } = channel.sendText('News', { events: ['messages-newsletter.received'] })
      await arrived(keyId)
    },
  },
  {
    name: 'message.sent',
    how: 'what was typed on the phone, as an outgoing message; ticks and failures of what agents sent',
    async run({ wasender, phone, arrived }) {
      const events = ['message.sent']
      await arrived(wasender.owner.typeOnPhone(phone, 'From the phone', { events }).keyId)
    },
  },
  {
    name: 'messages.update',
    how: 'the ticks of an agent’s message',
    async run(stage) {
      const { id, keyId } = await sent(stage)
      await stage.maria.read(keyId, { events: ['messages.update'] })
      await stage.status(id, 'read')
    },
  },
  {
    name: 'messages.delete',
    how: 'a line that quotes what the customer deleted, or by option it is deleted too',
    async run({ maria, arrived, shown }) {
      const said = maria.sendText('Forget it')
      const message = await arrived(said.keyId)
      maria.revoke(said.keyId, { events: ['messages.delete'] })
      await shown(quotes(message.id))
    },
  },
  {
    name: 'message-receipt.update',
    how: 'the ticks of an agent’s message in a group',
    async run(stage) {
      const { first } = await inGroup(stage)
      const { chatwoot, wasender, maria } = stage
      const reply = await chatwoot.agent().reply(first.conversationId, 'Hello all')
      const [got] = await stage.received(1)
      const events = ['message-receipt.update']
      await wasender.waitFor(() => got)
      await maria.read(String(got?.keyId), { events })
      const isRead = () =>
        chatwoot.messages(first.conversationId).find(({ id }) => id === reply.id)?.status === 'read'
      await chatwoot.waitFor(isRead, { timeoutMs: 20_000 })
    },
  },
  {
    name: 'messages.reaction',
    how: 'a message that quotes the one it belongs to',
    async run(stage) {
      const { id, keyId } = await sent(stage)
      stage.maria.react(keyId, '👍', { events: ['messages.reaction'] })
      const message = await stage.shown(quotes(id))
      if (message.content?.includes('👍') !== true) throw new Error('The reaction is not shown')
    },
  },
  {
    name: 'poll.results',
    how: 'the votes so far, quoting the poll',
    async run(stage) {
      await stage.reply('!poll Which color? | Blue | Red', { private: true })
      const [poll] = await stage.received(1)
      stage.maria.vote(String(poll?.keyId), ['Red'], { events: ['poll.results'] })
      await stage.shown(({ content }) => /Blue\W+0\s+\W*Red\W+1/.test(content ?? ''))
    },
  },
]

/** The webhooks about everything around messages. */
export const OTHER_EVENTS: readonly ReachRow[] = [
  ...['call', 'call.received'].map((name) => ({
    name,
    how: 'one line per call',
    async run({ maria, shown }: Stage) {
      await maria.call({}, { events: [name] })
      await shown(({ content }) => /call/i.test(content ?? ''))
    },
  })),
  {
    name: 'chats.upsert',
    how: 'nothing to see: a chat that exists is no message',
    async run(stage) {
      const chat = { id: jidOf(stage), name: 'Maria', conversationTimestamp: 1, unreadCount: 1 }
      const before = stage.chatwoot.messages(stage.conversation).length
      await stage.wasender.emit(1, 'chats.upsert', [chat])
      await stage.arrived(stage.maria.sendText('And then').keyId)
      const after = stage.chatwoot.messages(stage.conversation).length
      if (after !== before + 1) throw new Error('The chat is shown')
    },
  },
  {
    name: 'chats.update',
    how: 'a chat that was read on the phone loses its unread badge; messages it holds arrive',
    async run(stage) {
      const { keyId } = stage.maria.sendText('In its chat', { events: ['chats.update'] })
      await stage.arrived(keyId)
      await stage.wasender.emit(1, 'chats.update', [{ id: jidOf(stage), unreadCount: 0 }])
      const isSeen = () =>
        stage.chatwoot.conversations().find(({ id }) => id === stage.conversation)?.agentLastSeenAt
      await stage.chatwoot.waitFor(isSeen, { timeoutMs: 20_000 })
    },
  },
  {
    name: 'chats.delete',
    how: 'nothing to see: the conversation stays',
    async run(stage) {
      await stage.wasender.emit(1, 'chats.delete', [jidOf(stage)])
      const again = await stage.arrived(stage.maria.sendText('Still there?').keyId)
      if (again.conversationId !== stage.conversation) throw new Error('The conversation is gone')
    },
  },
  {
    name: 'contacts.upsert',
    how: 'the name of the contact',
    async run(stage) {
      const name = `Maria ${stage.phone.slice(-4)}`
      await stage.wasender.emit(1, 'contacts.upsert', [{ jid: jidOf(stage), name }])
      await isNamed(stage, name)
    },
  },
  {
    name: 'contacts.update',
    how: 'the name and picture of the contact',
    async run(stage) {
      const name = `Maria of ${stage.phone.slice(-4)}`
      await stage.maria.rename(name)
      await isNamed(stage, name)
    },
  },
  {
    name: 'groups.upsert',
    how: 'the name of the group’s contact',
    async run(stage) {
      const { group } = await inGroup(stage)
      await group.announce()
      await isNamed(stage, 'Plans')
    },
  },
  {
    name: 'groups.update',
    how: 'a grey line, and the new name',
    async run(stage) {
      const { group, line } = await inGroup(stage)
      await group.rename('Better plans')
      await line('Better plans')
    },
  },
  {
    name: 'group-participants.update',
    how: 'a grey line: who joined, left, became an admin',
    async run(stage) {
      const { group, line } = await inGroup(stage)
      await group.change('promote', [stage.phone])
      await line('Maria')
    },
  },
  {
    name: 'group.join-request',
    how: 'a grey line: who asks to join, no longer asks, was refused',
    async run(stage) {
      const { group, line } = await inGroup(stage)
      const request = { id: group.jid, participant: jidOf(stage), action: 'created' }
      await stage.wasender.emit(1, 'group.join-request', request)
      await line('Asks to join the group: Maria')
    },
  },
]
