import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { arrived } from './support/arrived.ts'
import { type Customer, newCustomer, ownWorld, useWorld } from './support/use-world.ts'
import type { World } from './support/world.ts'

const known = useWorld()
const unknown = useWorld()
beforeAll(async () => {
  world = unknown()
  await keepUnknown()
})

let world: World
let anna: Customer
let bob: Customer
let ids = 0
/** A LID nobody has written with, whose number the gateway cannot tell. */
let carl: string
let carls = 0
/** The contacts that were there before the test. */
let earlier: Set<number>
let sentBefore: number

function meet(given: World) {
  world = given
  anna = newCustomer(world, 'Anna')
  bob = newCustomer(world, 'Bob')
  carls += 1
  carl = String(189_978_000_000_000 + carls)
  earlier = new Set(world.chatwoot.contacts().map(({ id }) => id))
  sentBefore = world.wasender.countOf('/send-message')
}

const jid = (phone: string) => `${phone.replace('+', '')}@s.whatsapp.net`
const ourNumber = () => jid(world.wasender.session().phoneNumber)
const ourLid = () => `${world.wasender.session().lid}@lid`

/** Under the LID, with the number beside it, as customers' messages come. */
const fromCustomer = ({ phone, lid }: Customer) => ({
  fromMe: false,
  remoteJid: `${lid}@lid`,
  senderPn: jid(phone),
  cleanedSenderPn: phone.replace('+', ''),
})

/** A message as WhatsApp tells it, with any key at all. Resolves with where it has arrived. */
async function tell(key: Record<string, unknown>, message: object) {
  const id = await emit('messages.upsert', key, message)
  return arrived(world, id)
}

async function emit(event: string, key: Record<string, unknown>, message: object) {
  ids += 1
  const id = `3EB0FROMME${String(ids).padStart(6, '0')}`
  const messages = { key: { id, ...key }, messageTimestamp: Math.floor(Date.now() / 1000), message }
  await world.wasender.emit(world.wasender.session().id, event, { messages })
  return id
}

const typed = (remoteJid: string, text: string, fields: object = {}) =>
  tell({ fromMe: true, remoteJid, ...fields }, { conversation: text })

/** The gateway cannot say who we are, in this test. */
const hideUs = () => world.wasender.faults.add({ kind: 'html', path: '/api/user' })

/** The same from the start of the bridge on. */
async function keepUnknown() {
  hideUs()
  await world.bridge.stop()
  await world.restart()
}

const contacts = () => world.chatwoot.contacts().filter(({ id }) => !earlier.has(id))
const numbers = () => contacts().map(({ phoneNumber }) => phoneNumber)
const sent = () => world.wasender.callsTo('/send-message').slice(sentBefore)

/** All that a gateway was seen to put beside a chat's address in a message of our own. */
const KEYS: [string, () => Record<string, unknown>][] = [
  ['our number', () => ({ remoteJidAlt: ourNumber() })],
  ['our number with a device', () => ({ remoteJidAlt: ourNumber().replace('@', ':12@') })],
  ['our LID', () => ({ remoteJidAlt: ourLid() })],
  [
    'our LID written as a number',
    () => ({ remoteJidAlt: ourLid().replace('lid', 's.whatsapp.net') }),
  ],
  [
    'us in every field',
    () => ({
      senderPn: ourNumber(),
      cleanedSenderPn: world.wasender.session().phoneNumber.replace('+', ''),
      senderLid: ourLid(),
      remoteJidAlt: ourNumber(),
      participant: ourLid(),
      participantAlt: ourNumber(),
      participantPn: ourNumber(),
    }),
  ],
]

describe.each([
  ['known', known],
  ['not known', unknown],
])('what is typed on the phone while our number is %s', (_is, shared) => {
  beforeEach(() => {
    meet(shared())
    if (shared === unknown) hideUs()
  })

  it.each(KEYS)(
    'stays in the chat that its key names, with %s beside it',
    async (_name, beside) => {
      const hers = await tell(fromCustomer(anna), { conversation: 'Hi from Anna' })
      const his = await tell(fromCustomer(bob), { conversation: 'Hi from Bob' })
      const chats = [
        [hers, `${anna.lid}@lid`],
        [his, `${bob.lid}@lid`],
        [hers, jid(anna.phone)],
        [his, jid(bob.phone)],
      ] as const
      for (const [{ conversationId }, remoteJid] of chats) {
        const message = await typed(remoteJid, 'On its way', beside())
        expect(message).toMatchObject({ conversationId, messageType: 'outgoing' })
      }
      const strange = await typed(`${carl}@lid`, 'Are you there?', beside())
      expect([hers.conversationId, his.conversationId]).not.toContain(strange.conversationId)
      const answers = [
        [await tell(fromCustomer(bob), { conversation: 'Thanks' }), his],
        [await tell(fromCustomer(anna), { conversation: 'Thanks' }), hers],
        [await tell({ fromMe: false, remoteJid: `${carl}@lid` }, { conversation: 'Yes' }), strange],
      ] as const
      for (const [answer, first] of answers)
        expect(answer.conversationId).toBe(first.conversationId)
      expect(numbers().sort()).toEqual([anna.phone, bob.phone, null])

      await world.chatwoot.agent().reply(his.conversationId, 'To Bob')
      await world.wasender.waitFor(() => world.wasender.inbox(bob.phone)[0])
      expect(sent()).toMatchObject([{ body: { to: bob.phone } }])
    },
  )

  it('stays there when it is a reaction, an edit or a deletion', async () => {
    const hers = await tell(fromCustomer(anna), { conversation: 'Hi from Anna' })
    const his = await tell(fromCustomer(bob), { conversation: 'Hi from Bob' })
    const beside = { remoteJidAlt: ourNumber(), senderLid: ourLid() }
    const mine = { fromMe: true, remoteJid: `${anna.lid}@lid`, ...beside }
    const first = await typed(`${anna.lid}@lid`, 'Firts', beside)
    await typed(`${bob.lid}@lid`, 'To Bob', beside)
    const target = { id: hers.sourceId, fromMe: false, remoteJid: `${anna.lid}@lid`, ...beside }
    await tell(mine, { reactionMessage: { key: target, text: '👍' } }).catch(() => undefined)
    const { id } = world.wasender.session()
    await world.wasender.emit(id, 'messages.reaction', [
      { key: target, reaction: { text: '❤️', key: { id: '3EB0REACTION', ...mine } } },
    ])
    await world.wasender.emit(id, 'messages.update', {
      key: { id: first.sourceId, ...mine },
      update: { message: { editedMessage: { message: { conversation: 'First' } } } },
    })
    await world.wasender.emit(id, 'messages.update', [
      { key: { id: first.sourceId, ...mine }, update: { status: 4 } },
    ])
    const last = await tell(fromCustomer(bob), { conversation: 'Thanks' })
    expect(last.conversationId).toBe(his.conversationId)
    const about = () => world.chatwoot.messages(hers.conversationId).map(({ content }) => content)
    await expect.poll(() => about().join('\n'), { timeout: 20_000 }).toContain('First')
    await expect.poll(() => about().join('\n'), { timeout: 20_000 }).toContain('❤️')
    const toBob = world.chatwoot.messages(his.conversationId).map(({ content }) => content)
    expect(toBob).toEqual(['Hi from Bob', 'To Bob', 'Thanks'])
    expect(numbers().sort()).toEqual([anna.phone, bob.phone])
  })

  it('belongs to the group it was typed in', async () => {
    await tell(fromCustomer(bob), { conversation: 'Hi from Bob' })
    const { jid: id } = world.wasender.group({
      subject: 'Plans',
      participants: [anna.phone, bob.phone],
    })
    const ours = { participant: ourLid(), participantAlt: ourNumber(), participantPn: ourNumber() }
    const group = await typed(id, 'To the group', ours)
    const hers = await tell(
      {
        fromMe: false,
        remoteJid: id,
        participant: `${anna.lid}@lid`,
        participantAlt: jid(anna.phone),
      },
      { conversation: 'From Anna' },
    )
    expect(hers.conversationId).toBe(group.conversationId)
    const direct = await tell(fromCustomer(anna), { conversation: 'Only for you' })
    expect(direct.conversationId).not.toBe(group.conversationId)
  })
})

describe('another address of the customer', () => {
  beforeEach(() => meet(known()))

  it('leads a message typed on the phone to the chat they have already', async () => {
    const phone = '+15550005555'
    const number = { fromMe: false, remoteJid: jid(phone) }
    const first = await tell(number, { conversation: 'Hi' })
    const beside = { remoteJidAlt: jid(phone), senderPn: ourNumber() }
    const message = await typed(`${carl}@lid`, 'Hello', beside)
    expect(message.conversationId).toBe(first.conversationId)
    expect(numbers()).toEqual([phone])
  })
})

describe('our own address beside a customer’s', () => {
  beforeEach(() => meet(known()))

  it('is not learned from what the customer writes either', async () => {
    const beside = { senderPn: ourNumber(), remoteJidAlt: ourNumber() }
    const hers = await tell(
      { fromMe: false, remoteJid: `${anna.lid}@lid`, ...beside },
      { conversation: 'A' },
    )
    const his = await tell(
      { fromMe: false, remoteJid: `${bob.lid}@lid`, ...beside },
      { conversation: 'B' },
    )
    expect(his.conversationId).not.toBe(hers.conversationId)
    expect(numbers().sort()).toEqual([anna.phone, bob.phone])
    const { id } = world.wasender.session()
    await world.wasender.emit(id, 'contacts.upsert', [
      { id: `${anna.lid}@lid`, phoneNumber: ourNumber(), notify: 'Anna B.' },
    ])
    const again = await tell(fromCustomer(bob), { conversation: 'C' })
    expect(again.conversationId).toBe(his.conversationId)
    await expect.poll(() => contacts().map(({ name }) => name)).toContain('Anna B.')
    expect(numbers().sort()).toEqual([anna.phone, bob.phone])
  })
})

describe('what was learned wrongly while our number was not known', () => {
  it('is taken back once it is known', async () => {
    meet(await ownWorld())
    await keepUnknown()
    // No field says that this number is ours, so it is taken for Anna's.
    const wrong = { fromMe: false, senderPn: ourNumber() }
    const hers = await tell({ ...wrong, remoteJid: `${anna.lid}@lid` }, { conversation: 'A' })
    expect(numbers()).toEqual([world.wasender.session().phoneNumber])
    world.wasender.faults.clear()
    await world.bridge.stop()
    await world.restart()
    const his = await tell({ ...wrong, remoteJid: `${bob.lid}@lid` }, { conversation: 'B' })
    expect(his.conversationId).not.toBe(hers.conversationId)
    const again = await tell(fromCustomer(anna), { conversation: 'It is me' })
    expect(again.conversationId).toBe(hers.conversationId)
    expect(numbers().sort()).toEqual([anna.phone, bob.phone])
    await world.chatwoot.agent().reply(hers.conversationId, 'To Anna')
    await world.wasender.waitFor(() => world.wasender.inbox(anna.phone)[0])
  })
})
