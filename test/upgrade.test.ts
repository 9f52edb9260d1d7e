import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startUpgradedWorld, type UpgradedWorld } from './support/earlier-release.ts'

const ADMIN = 'a-long-random-admin-token'
const SERVER = { host: '127.0.0.1', port: 0, publicUrl: 'http://127.0.0.1', adminToken: ADMIN }
/** Finn's message whose key was not there yet. */
const UNDECRYPTED = '3EB0837C0A66318D098E57'
const WAIT = { timeoutMs: 30_000 }
const WAITED = { timeout: 30_000 }

/**
 * What an earlier release left is in `test/fixtures/upgrade`; the README there says how it came about. The tests go on where
 * the one before has ended.
 */
let world: UpgradedWorld
beforeAll(async () => {
  world = await startUpgradedWorld({ server: SERVER })
}, 60_000)
afterAll(() => world.close())

const person = (name: string) => world.person(name)
const got = (name: string) => world.wasender.inbox(person(name).phone).map(({ text }) => text)
const gets = (name: string, text: string) =>
  world.wasender.waitFor(
    () => world.wasender.inbox(person(name).phone).find((each) => each.text === text),
    WAIT,
  )
const keyOf = (name: string, text: string) =>
  world.wasender.inbox(person(name).phone).find((each) => each.text === text)?.keyId ?? ''
/** A message in Chatwoot by what it says. */
const found = (text: string) => world.chatwoot.allMessages().find(({ content }) => content === text)
const arrives = (text: string) => world.chatwoot.waitFor(() => found(text), WAIT)
const becomes = (text: string, status: string) =>
  world.chatwoot.waitFor(() => found(text)?.status === status, {
    ...WAIT,
    description: `"${text}" to be ${status}`,
  })
const customersIn = (conversation: number) =>
  world.chatwoot
    .messages(conversation)
    .filter(({ messageType }) => messageType === 'incoming')
    .map(({ content }) => content)

async function admin<T>(path: string, method = 'GET'): Promise<T> {
  const headers = { Authorization: `Bearer ${ADMIN}` }
  const answer = await fetch(`${world.bridge.url}/admin/api/${path}`, { method, headers })
  return (await answer.json()) as T
}

/** Everything the fixture's agents and customers said, and how often it is there now. */
const copies = (text: string) =>
  world.chatwoot.allMessages().filter(({ content }) => content === text).length

describe('what waited when the earlier release was killed', () => {
  it('comes from customers, once and in order', async () => {
    await arrives('Spooled 2')
    expect(customersIn(2)).toEqual([
      'Hello from Maria',
      'Quote me',
      'Waiting 1',
      'Waiting 2',
      'Waiting 3',
      'Waiting quote',
      'Reacted with 👍',
      '*Edited*\nQuote me, edited',
      'Spooled 1',
      'Spooled 2',
    ])
    const quoted = found('This one is read')?.id
    expect(found('Waiting quote')?.contentAttributes.in_reply_to).toBe(quoted)
    await arrives('Ann waits')
    expect(customersIn(3)).toEqual(['Hello from Ann', 'Ann waits'])
    await arrives('Waiting under a LID')
    expect(customersIn(7)).toEqual(['Hello from Eve', 'Waiting under a LID'])
    // Somebody who wrote for the first time then.
    const { conversationId } = await arrives('Hello from Hugo')
    expect(customersIn(conversationId)).toEqual(['Hello from Hugo'])
    expect(world.chatwoot.contacts().filter(({ name }) => name === 'Hugo')).toHaveLength(1)
  })

  it('goes to customers, once and in order', async () => {
    await gets('Maria', 'Held 3')
    await gets('Gus', 'Held for Gus')
    await gets('Eve', 'Held for Eve')
    expect(got('Maria').slice(-3)).toEqual(['Held 1', '> *Maria*\n> Quote me\nHeld 2', 'Held 3'])
    expect(got('Gus')).toEqual(['Held for Gus'])
    expect(got('Eve')).toEqual(['Held for Eve'])
    for (const text of ['Held 1', 'Held 2', 'Held 3', 'Held for Gus', 'Held for Eve']) {
      await becomes(text, 'delivered')
    }
    // Read in the chat that was answered, and only there.
    const wrote = (name: string, text: string) =>
      world.wasender.chat(person(name).phone).find((each) => each.text === text)
    await world.wasender.waitFor(() => wrote('Gus', 'Not read yet')?.readAt, WAIT)
    expect(wrote('Dan', 'Hello from Dan')?.readAt).toBeUndefined()
  })

  it('comes when what was missing of it comes after all', async () => {
    await person('Finn').sendText('It can be read now', { keyId: UNDECRYPTED }).delivered
    await arrives('It can be read now')
    expect(customersIn(8)).toEqual(['Hello from Finn', 'It can be read now'])
  })
})

describe('what the earlier release had given up', () => {
  it('is tried again by admins and agents', async () => {
    type Listed = { failures: { id: string; direction: string; conversationId?: number }[] }
    const { failures } = await admin<Listed>('failures')
    expect(failures.map(({ direction }) => direction).toSorted()).toEqual(['in', 'out', 'out'])
    world.chatwoot.agent().retry(found('This one failed, too')?.id ?? 0)
    await gets('Gus', 'This one failed, too')
    await becomes('This one failed, too', 'delivered')
    await admin('failures/retry', 'POST')
    await gets('Dan', 'This one failed')
    await becomes('This one failed', 'delivered')
    await arrives('This one was refused by Chatwoot')
    expect(got('Dan')).toEqual(['This one failed'])
    expect(got('Gus')).toEqual(['Held for Gus', 'This one failed, too'])
    expect(copies('This one was refused by Chatwoot')).toBe(1)
    expect(await admin<Listed>('failures')).toMatchObject({ failures: [] })
  })
})

describe('what the earlier release had sent', () => {
  it('gets the ticks that waited, and those that come', async () => {
    await becomes('This one is delivered', 'read')
    await person('Maria').read(keyOf('Maria', 'This one stays delivered'))
    await becomes('This one stays delivered', 'read')
    await person('Maria').deliver(keyOf('Maria', 'This one is linked'))
    await becomes('This one is linked', 'delivered')
    // Its id was not known yet: the job that asks for it waited, too.
    await person('Ann').deliver(keyOf('Ann', 'This one is accepted'))
    await becomes('This one is accepted', 'delivered')
  })

  it('is not sent again when nobody knows whether it was: its echo tells, or it is shown as doubtful', async () => {
    const text = 'The answer to this one was lost'
    const echo = world.wasender.inbox(person('Ben').phone)[0]
    const remoteJid = `${person('Ben').phone.slice(1)}@s.whatsapp.net`
    await world.wasender.emit(world.wasender.session().id, 'messages.upsert', {
      messages: {
        key: { id: echo?.keyId, fromMe: true, remoteJid },
        message: { conversation: text },
        messageTimestamp: Math.floor((echo?.at ?? 0) / 1000),
      },
    })
    await person('Ben').deliver(echo?.keyId ?? '')
    await becomes(text, 'delivered')
    expect(got('Ben')).toEqual([text])

    await world.later(3 * 60_000)
    await becomes('This one never left', 'failed')
    expect(got('Cleo')).toEqual([])
    expect(copies(text)).toBe(1)
  })

  it('can be quoted and deleted', async () => {
    const [agent, read] = [world.chatwoot.agent(), found('This one is read')]
    await agent.reply(2, 'About the one that is read', { inReplyTo: read?.id ?? 0 })
    const quoting = await gets('Maria', 'About the one that is read')
    expect(quoting.quoted).toBe(keyOf('Maria', 'This one is read'))
    agent.deleteMessage(found('This one is linked')?.id ?? 0)
    const onPhone = await gets('Maria', 'This one is linked')
    await world.wasender.waitFor(
      () =>
        world.wasender.chat(person('Maria').phone).find(({ keyId }) => keyId === onPhone.keyId)
          ?.deletedAt,
      WAIT,
    )
  })
})

describe('what the earlier release remembered', () => {
  it('finds the number of somebody who was known by LID only', async () => {
    const { profile, phone } = person('Eve')
    profile.hidePhone = false
    // However often it was asked for in vain until now, it is again by then.
    await world.later(12 * 3_600_000)
    await world.chatwoot.waitFor(
      () => world.chatwoot.contacts().find(({ name }) => name === 'Eve')?.phoneNumber === phone,
      WAIT,
    )
  })

  it('goes on in the conversation with the operators', async () => {
    await world.chatwoot.agent().reply(1, '!status')
    await world.chatwoot.waitFor(
      () => world.chatwoot.messages(1).find(({ sourceId }) => sourceId?.startsWith('command:')),
      WAIT,
    )
    const operators = world.chatwoot.contacts().filter(({ name }) => name === 'WhatsApp connection')
    expect(operators).toHaveLength(1)
    expect(
      world.chatwoot.conversations().filter(({ contactId }) => contactId === operators[0]?.id),
    ).toHaveLength(1)
  })
})

it('leaves nothing behind: no lane waits, nothing was damaged, nothing surprised', async () => {
  type Account = { waiting: Record<string, { count: number }> }
  await expect
    .poll(async () => (await admin<{ accounts: Account[] }>('accounts')).accounts, WAITED)
    .toMatchObject([{ waiting: { in: { count: 0 }, out: { count: 0 }, status: { count: 0 } } }])
  expect(await admin('set-aside')).toEqual({ setAside: [] })
  expect(world.log().filter(({ level }) => level >= 40)).toEqual([])
  expect(world.chatwoot.crashes).toEqual([])
  const ids = world.chatwoot.allMessages().flatMap(({ sourceId }) => sourceId ?? [])
  expect(ids.filter((id, n) => ids.indexOf(id) !== n)).toEqual([])
})
