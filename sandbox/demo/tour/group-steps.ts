import type { Message } from '../../chatwoot/types.ts'
import type { DemoWorld } from '../world.ts'
import { newPhone } from './customer.ts'
import { expectSame, expectText } from './expect.ts'
import { expectThat, type Step } from './step.ts'

/** A group of two members with a conversation of its own. */
async function newGroup(world: DemoWorld) {
  const { wasender, chatwoot } = world
  const [maria, john] = ['Maria Souza', 'John Example'].map((name) =>
    wasender.person({ phone: newPhone(), name }),
  )
  if (maria === undefined || john === undefined) throw new Error('The group has two members')
  const phones = [maria.profile.phone, john.profile.phone]
  const group = wasender.group({ subject: 'Bike club', participants: phones })
  const first = maria.inGroup(group.jid).sendText('Ride on Sunday?')
  const { conversationId, content } = await chatwoot.waitFor(
    () => chatwoot.allMessages().find(({ sourceId }) => sourceId === first.keyId),
    { description: 'the message of the group' },
  )
  const shown = (what: string, fits: (message: Message) => boolean) =>
    chatwoot.waitFor(() => chatwoot.messages(conversationId).find(fits), { description: what })
  return { group, maria, john, first: content, conversationId, shown }
}

const says = (pattern: RegExp) => (message: Message) => pattern.test(message.content ?? '')

/** Groups: one conversation each. */
export const GROUP_STEPS: readonly Step[] = [
  {
    name: 'a group has one contact, and its messages name their authors',
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const { group, john, first, conversationId, shown } = await newGroup(world)
      expectText('The first message', first, /Maria Souza[\s\S]*Ride on Sunday\?/)
      john.inGroup(group.jid).sendText('I am in!')
      const answer = await shown('the answer', says(/I am in!/))
      expectText('The answer', answer.content, /John Example/)
      const { chatwoot } = world
      const { contactId } = chatwoot.conversations().find(({ id }) => id === conversationId) ?? {}
      const contact = chatwoot.contacts().find(({ id }) => id === contactId)
      expectText('The name of the contact', contact?.name, /Bike club/)
    },
  },
  {
    name: 'somebody mentioned in a group is shown by name',
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const { group, maria, john, shown } = await newGroup(world)
      john.inGroup(group.jid).sendText('Yes')
      await shown('the answer', says(/Yes/))
      const { phone } = john.profile
      const contextInfo = { mentionedJid: [`${phone}@s.whatsapp.net`] }
      const node = { extendedTextMessage: { text: `@${phone} bring tools`, contextInfo } }
      maria.inGroup(group.jid).sendRaw(node)
      const message = await shown('the mention', says(/bring tools/))
      expectText('The text', message.content, /@John Example bring tools/)
    },
  },
  {
    name: 'joining, leaving and renaming a group leave lines',
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const { group, john, shown } = await newGroup(world)
      await group.change('add', [newPhone()])
      await shown('the line about joining', says(/[Jj]oined/))
      await group.change('remove', [john.profile.phone])
      await shown('the line about leaving', says(/no longer|[Ll]eft/))
      await group.rename('Bike club Berlin')
      const line = await shown('the line about the name', says(/Bike club Berlin/))
      expectSame('The kind of message', line.messageType, 'activity')
    },
  },
  {
    name: 'a reply reaches every member of a group',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const { maria, john, conversationId } = await newGroup(world)
      await world.chatwoot.agent().reply(conversationId, 'The shop joins you.')
      for (const { profile } of [maria, john]) {
        const has = () =>
          world.wasender.inbox(profile.phone).some(({ text }) => text?.includes('joins you'))
        await world.wasender.waitFor(has, { what: "the reply on a member's phone" })
      }
      expectThat(world.wasender.inbox(maria.profile.phone).length === 1, 'It should come once.')
    },
  },
]
