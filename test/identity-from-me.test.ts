import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { arrived } from './support/arrived.ts'
import { startWorld, type World } from './support/world.ts'

const ANNA = { phone: '+15550001111', lid: '189975000000001', name: 'Anna' }
const BOB = { phone: '+15550004444', lid: '189975000000002', name: 'Bob' }
/** Nobody has written with him, and the gateway cannot tell his number. */
const CARL = '189975000000003'

let world: World
let ids: number
beforeEach(async () => {
  world = await startWorld()
  ids = 0
  for (const person of [ANNA, BOB]) world.wasender.person(person)
})
afterEach(() => world.close())

const jid = (phone: string) => `${phone.replace('+', '')}@s.whatsapp.net`
const ourNumber = () => jid(world.wasender.session().phoneNumber)
const ourLid = () => `${world.wasender.session().lid}@lid`

/** Under the LID, with the number beside it, as customers' messages come. */
const fromCustomer = ({ phone, lid }: typeof ANNA) => ({
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

/** The gateway cannot say who we are. */
async function unknown() {
  world.wasender.faults.add({ kind: 'html', path: '/api/user' })
  await world.bridge.stop()
  await world.restart()
}

const numbers = () => world.chatwoot.contacts().map(({ phoneNumber }) => phoneNumber)

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
  ['known', async () => {}],
  ['not known', unknown],
])('what is typed on the phone while our number is %s', (_is, prepare) => {
  beforeEach(prepare)

  it.each(KEYS)(
    'stays in the chat that its key names, with %s beside it',
    async (_name, beside) => {
      const anna = await tell(fromCustomer(ANNA), { conversation: 'Hi from Anna' })
      const bob = await tell(fromCustomer(BOB), { conversation: 'Hi from Bob' })
      const chats = [
        [anna, `${ANNA.lid}@lid`],
        [bob, `${BOB.lid}@lid`],
        [anna, jid(ANNA.phone)],
        [bob, jid(BOB.phone)],
      ] as const
      for (const [{ conversationId }, remoteJid] of chats) {
        const message = await typed(remoteJid, 'On its way', beside())
        expect(message).toMatchObject({ conversationId, messageType: 'outgoing' })
      }
      const carl = await typed(`${CARL}@lid`, 'Are you there?', beside())
      expect([anna.conversationId, bob.conversationId]).not.toContain(carl.conversationId)
      const answers = [
        [await tell(fromCustomer(BOB), { conversation: 'Thanks' }), bob],
        [await tell(fromCustomer(ANNA), { conversation: 'Thanks' }), anna],
        [await tell({ fromMe: false, remoteJid: `${CARL}@lid` }, { conversation: 'Yes' }), carl],
      ] as const
      for (const [answer, first] of answers)
        expect(answer.conversationId).toBe(first.conversationId)
      expect(numbers().sort()).toEqual([ANNA.phone, BOB.phone, null])

      await world.chatwoot.agent().reply(bob.conversationId, 'To Bob')
      await world.wasender.waitFor(() => world.wasender.inbox(BOB.phone)[0])
      const sent = world.wasender.callsTo('/send-message').map(({ body }) => body)
      expect(sent).toMatchObject([{ to: BOB.phone }])
    },
  )

  it('stays there when it is a reaction, an edit or a deletion', async () => {
    const anna = await tell(fromCustomer(ANNA), { conversation: 'Hi from Anna' })
    const bob = await tell(fromCustomer(BOB), { conversation: 'Hi from Bob' })
    const beside = { remoteJidAlt: ourNumber(), senderLid: ourLid() }
    const mine = { fromMe: true, remoteJid: `${ANNA.lid}@lid`, ...beside }
    const first = await typed(`${ANNA.lid}@lid`, 'Firts', beside)
    await typed(`${BOB.lid}@lid`, 'To Bob', beside)
    const target = { id: anna.sourceId, fromMe: false, remoteJid: `${ANNA.lid}@lid`, ...beside }
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
    const last = await tell(fromCustomer(BOB), { conversation: 'Thanks' })
    expect(last.conversationId).toBe(bob.conversationId)
    const about = () => world.chatwoot.messages(anna.conversationId).map(({ content }) => content)
    await expect.poll(() => about().join('\n'), { timeout: 20_000 }).toContain('First')
    await expect.poll(() => about().join('\n'), { timeout: 20_000 }).toContain('❤️')
    const toBob = world.chatwoot.messages(bob.conversationId).map(({ content }) => content)
    expect(toBob).toEqual(['Hi from Bob', 'To Bob', 'Thanks'])
    expect(numbers().sort()).toEqual([ANNA.phone, BOB.phone])
  })

  it('belongs to the group it was typed in', async () => {
    await tell(fromCustomer(BOB), { conversation: 'Hi from Bob' })
    const { jid: id } = world.wasender.group({
      subject: 'Plans',
      participants: [ANNA.phone, BOB.phone],
    })
    const ours = { participant: ourLid(), participantAlt: ourNumber(), participantPn: ourNumber() }
    const group = await typed(id, 'To the group', ours)
    const anna = await tell(
      {
        fromMe: false,
        remoteJid: id,
        participant: `${ANNA.lid}@lid`,
        participantAlt: jid(ANNA.phone),
      },
      { conversation: 'From Anna' },
    )
    expect(anna.conversationId).toBe(group.conversationId)
    const direct = await tell(fromCustomer(ANNA), { conversation: 'Only for you' })
    expect(direct.conversationId).not.toBe(group.conversationId)
  })
})

describe('another address of the customer', () => {
  it('leads a message typed on the phone to the chat they have already', async () => {
    const phone = '+15550005555'
    const number = { fromMe: false, remoteJid: jid(phone) }
    const first = await tell(number, { conversation: 'Hi' })
    const beside = { remoteJidAlt: jid(phone), senderPn: ourNumber() }
    const message = await typed(`${CARL}@lid`, 'Hello', beside)
    expect(message.conversationId).toBe(first.conversationId)
    expect(numbers()).toEqual([phone])
  })
})

describe('our own address beside a customer’s', () => {
  it('is not learned from what the customer writes either', async () => {
    const beside = { senderPn: ourNumber(), remoteJidAlt: ourNumber() }
    const anna = await tell(
      { fromMe: false, remoteJid: `${ANNA.lid}@lid`, ...beside },
      { conversation: 'A' },
    )
    const bob = await tell(
      { fromMe: false, remoteJid: `${BOB.lid}@lid`, ...beside },
      { conversation: 'B' },
    )
    expect(bob.conversationId).not.toBe(anna.conversationId)
    expect(numbers().sort()).toEqual([ANNA.phone, BOB.phone])
    const { id } = world.wasender.session()
    await world.wasender.emit(id, 'contacts.upsert', [
      { id: `${ANNA.lid}@lid`, phoneNumber: ourNumber(), notify: 'Anna B.' },
    ])
    const again = await tell(fromCustomer(BOB), { conversation: 'C' })
    expect(again.conversationId).toBe(bob.conversationId)
    await expect.poll(() => world.chatwoot.contacts().map(({ name }) => name)).toContain('Anna B.')
    expect(numbers().sort()).toEqual([ANNA.phone, BOB.phone])
  })
})

describe('what was learned wrongly while our number was not known', () => {
  it('is taken back once it is known', async () => {
    await unknown()
    // No field says that this number is ours, so it is taken for Anna's.
    const wrong = { fromMe: false, senderPn: ourNumber() }
    const anna = await tell({ ...wrong, remoteJid: `${ANNA.lid}@lid` }, { conversation: 'A' })
    expect(numbers()).toEqual([world.wasender.session().phoneNumber])
    world.wasender.faults.clear()
    await world.bridge.stop()
    await world.restart()
    const bob = await tell({ ...wrong, remoteJid: `${BOB.lid}@lid` }, { conversation: 'B' })
    expect(bob.conversationId).not.toBe(anna.conversationId)
    const again = await tell(fromCustomer(ANNA), { conversation: 'It is me' })
    expect(again.conversationId).toBe(anna.conversationId)
    expect(numbers().sort()).toEqual([ANNA.phone, BOB.phone])
    await world.chatwoot.agent().reply(anna.conversationId, 'To Anna')
    await world.wasender.waitFor(() => world.wasender.inbox(ANNA.phone)[0])
  })
})
