import { afterEach, describe, expect, it } from 'vitest'
import type { Message } from '../sandbox/chatwoot/types.ts'
import { storeKey } from '../src/state/store/keys.ts'
import { type ClockedWorld, startClockedWorld } from './support/clocked-world.ts'

const WAIT = { timeoutMs: 20_000 }
const PHONE = '+15550001111'
let world: ClockedWorld
afterEach(() => world.close())

async function start(given: Parameters<typeof startClockedWorld>[0] = {}) {
  world = await startClockedWorld({
    withToken: true,
    ...given,
    options: { operatorConversation: true, ...given.options },
  })
}

const operators = () =>
  world.chatwoot.contacts().filter(({ name }) => name === 'WhatsApp connection')

/** What the operator's conversation shows, oldest first. */
function thread(): Message[] {
  const conversations = world.chatwoot
    .conversations()
    .filter(({ contactId }) => contactId === operators()[0]?.id)
  expect(conversations.length).toBeLessThanOrEqual(1)
  return conversations.flatMap(({ id }) => world.chatwoot.messages(id))
}

const until = <T>(predicate: () => T) => world.chatwoot.waitFor(predicate, WAIT)
const line = (text: RegExp) => until(() => thread().find(({ content }) => text.test(content ?? '')))
const lines = (text: RegExp) => thread().filter(({ content }) => text.test(content ?? ''))
const isDeleted = ({ contentAttributes }: Message) => contentAttributes.deleted === true
const pictures = () => thread().filter(({ sourceId }) => sourceId?.startsWith('operator:qr:'))
const shown = () => pictures().filter((picture) => !isDeleted(picture))

async function operatorConversation(): Promise<number> {
  return (await line(/WhatsApp is connected\./)).conversationId
}

const write = async (text: string, options: { private?: boolean } = {}) => {
  const conversation = await operatorConversation()
  return world.chatwoot.agent().reply(conversation, text, options)
}

async function command(text: string, options: { private?: boolean } = {}): Promise<string> {
  const { id } = await write(text, options)
  const answer = await until(() => thread().find(({ sourceId }) => sourceId === `command:${id}`))
  expect(answer.private).toBe(true)
  return answer.content ?? ''
}

const setStatus = (status: Parameters<ClockedWorld['wasender']['setStatus']>[1]) =>
  world.wasender.setStatus(world.wasender.session().id, status)

const sends = () => world.wasender.countOf('/api/send-message')

describe('the operator’s conversation', () => {
  it('begins with what it is for and how the connection is', async () => {
    await start()
    const first = await line(/takes commands.*WhatsApp is connected\.$/s)
    expect(first).toMatchObject({ messageType: 'incoming', private: false })
    expect(operators()).toMatchObject([
      { identifier: `whatsapp-connection-${world.account.inboxId}` },
    ])
    expect(thread()).toHaveLength(1)
  })

  it('tells of a session that is logged out and of its return, once each', async () => {
    await start()
    const conversation = await operatorConversation()
    world.chatwoot.agent().resolve(conversation)
    await setStatus('logged_out')
    expect(await line(/is logged out/)).toMatchObject({ messageType: 'incoming' })
    const opened = world.chatwoot.conversations().find(({ id }) => id === conversation)
    expect(opened?.status).toBe('open')
    await setStatus('logged_out')
    await setStatus('connected')
    await until(() => lines(/WhatsApp is connected\./).length === 2)
    expect(lines(/is logged out/)).toHaveLength(1)
    expect(world.workerErrors).toEqual([])
  })

  it('points to the dashboard when a passkey is asked for', async () => {
    await start()
    await operatorConversation()
    await setStatus('need_passkey')
    await line(/Finish linking in the WasenderAPI dashboard/)
  })

  it('finds contact and conversation again when a crash came before they were remembered', async () => {
    await start()
    const conversation = await operatorConversation()
    const { account, bridge } = world
    const lane = { direction: 'status', account: account.id, key: 'operator' } as const
    await expect.poll(() => bridge.queue.lanes.size(lane)).toBe(0)
    await world.store.accounts.update(storeKey.account(account.id), (state) => {
      const { operator: _forgotten, ...rest } = state!
      return rest
    })
    await setStatus('disconnected')
    expect(await line(/is disconnected/)).toMatchObject({ conversationId: conversation })
    expect(operators()).toHaveLength(1)
  })

  it('is made anew when somebody deleted it', async () => {
    await start()
    const conversation = await operatorConversation()
    world.chatwoot.agent().deleteConversation(conversation)
    await setStatus('disconnected')
    await line(/is disconnected/)
    expect(operators()).toHaveLength(1)
  })

  it('writes what happened while Chatwoot was down afterwards, and only what is still true', async () => {
    await start()
    await operatorConversation()
    const { wasender, chatwoot, account, bridge } = world
    const people = Array.from({ length: 8 }, (_, n) =>
      wasender.person({ phone: `+1555000111${n}`, name: `Customer ${n}` }),
    )
    chatwoot.faults.add({ kind: 'answer', status: 503 })
    const said = people.map((person) => person.sendText('Hello'))
    await expect.poll(() => account.chatwootBreaker.isOpen()).toBe(true)
    await setStatus('logged_out')
    await setStatus('disconnected')
    const heard = { direction: 'status', account: account.id, key: 'operator-calm' } as const
    await expect.poll(() => bridge.queue.lanes.size(heard)).toBe(2)
    chatwoot.faults.clear()
    await line(/is disconnected/)
    for (const { keyId } of said) {
      await until(() => chatwoot.allMessages().some(({ sourceId }) => sourceId === keyId))
    }
    expect(lines(/is logged out/)).toEqual([])
  })
})

describe('the QR code', () => {
  it('is shown as a picture, replaced when it is renewed, and gone once it was scanned', async () => {
    await start()
    await operatorConversation()
    await setStatus('need_scan')
    const first = await until(() => shown()[0])
    expect(first.messageType).toBe('incoming')
    const [file] = first.attachments
    const bytes = await world.chatwoot.attachmentBytes(file!)
    expect([...bytes.slice(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    expect(JSON.stringify(thread())).not.toContain('2@')

    const { session } = world.wasender
    await world.wasender.emit(session().id, 'qrcode.updated', { qr: '2@second,b,c,d' })
    await until(() => shown().length === 1 && shown()[0]?.id !== first.id)
    expect(shown()[0]).toMatchObject({ private: true })
    await world.wasender.scan(session().id)
    await until(() => shown().length === 0)
    await until(() => lines(/WhatsApp is connected\./).length === 2)
    // A login secret: nothing but the picture ever held it.
    const kept = await Promise.all(
      (await world.redis.keys('*')).map(async (key) => [key, await everything(key)]),
    )
    expect(JSON.stringify(kept)).not.toContain('2@')
  })

  it('stops coming when nobody scans it, until somebody asks', async () => {
    await start()
    await operatorConversation()
    await setStatus('need_scan')
    await line(/waits for its QR code/)
    await until(() => shown().length === 1)
    for (let n = 0; lines(/Nobody scanned/).length === 0; n += 1) {
      expect(n).toBeLessThan(12)
      const before = thread().length
      await world.wasender.emit(world.wasender.session().id, 'qrcode.updated', { qr: `2@${n},b` })
      await until(() => thread().length > before)
    }
    await until(() => shown().length === 0)
    expect(await command('!qr')).toMatch(/follows here/)
    await until(() => shown().length === 1)
  })
})

/** Everything under a key of Redis, whatever its type. */
async function everything(key: string): Promise<unknown> {
  const type = await world.redis.type(key)
  const read: Record<string, () => Promise<unknown>> = {
    string: () => world.redis.get(key),
    hash: () => world.redis.hgetall(key),
    zset: () => world.redis.zrange(key, 0, '-1'),
    list: () => world.redis.lrange(key, 0, -1),
    set: () => world.redis.smembers(key),
    stream: () => world.redis.xrange(key, '-', '+'),
  }
  return read[type]?.()
}

describe('commands there', () => {
  it('says how everything is, and manages the session', async () => {
    await start()
    expect(await command('!status')).toMatch(/\*\*connected\*\*, as \+\d+\.\nWaiting: 0.*0 to/)
    expect(await command('!qr', { private: true })).toMatch(/connected already/)
    expect(await command('!disconnect')).toMatch(/is disconnected/)
    expect(await command('!restart')).toMatch(/did not work/)
    await world.wasender.waitFor(() => world.wasender.session().status === 'disconnected')
    expect(await command('!connect')).toMatch(/being connected/)
    await world.wasender.waitFor(() => world.wasender.session().status === 'connected')
    expect(await command('!restart')).toMatch(/being restarted/)
    expect(await command('!help')).toMatch(/`!retry all`/)
    expect(await command('!retry')).toMatch(/`!retry all`/)
    expect(await command('!conect')).toMatch(/`!connect`/)
    expect(await command('!poll A | B | C')).toMatch(/no such command/)
    expect(sends()).toBe(0)
  })

  it('counts nothing that is written there as waiting for WhatsApp', async () => {
    await start()
    const conversation = await operatorConversation()
    const { account, bridge, wasender } = world
    wasender.faults.add({ kind: 'delay', ms: 3_000, method: 'GET', times: 1 })
    const asked = command('!status')
    await write('!help')
    await write('Just a note', { private: true })
    const key = `conversation:${conversation}`
    const lane = { direction: 'out', account: account.id, key } as const
    await expect.poll(() => bridge.queue.lanes.size(lane)).toBe(3)
    expect(await asked).toMatch(/Waiting: 0.*0 to/)
  })

  it('shows the code of a session that is logged out on !connect', async () => {
    await start()
    await operatorConversation()
    await setStatus('logged_out')
    await line(/is logged out/)
    expect(await command('!connect')).toMatch(/follows here/)
    await until(() => shown().length === 1)
  })

  it('lists what could not be delivered and tries it again', async () => {
    await start()
    await operatorConversation()
    const maria = world.wasender.person({ phone: PHONE, name: 'Maria' })
    const { keyId } = maria.sendText('Hello')
    const hello = await until(() =>
      world.chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId),
    )
    world.wasender.faults.add({
      kind: 'answer',
      path: '/send-message',
      status: 422,
      body: { success: false, message: 'Validation failed', errors: { text: ['No.'] } },
    })
    await world.chatwoot.agent().reply(hello.conversationId, 'Not yet')
    await expect.poll(() => world.bridge.queue.failures.count(world.account.id, 'out')).toBe(1)
    expect(await command('!failures')).toMatch(/to WhatsApp: Not sent/)
    world.wasender.faults.clear()
    expect(await command('!retry all')).toMatch(/1 message will be tried again/)
    await world.wasender.waitFor(() => world.wasender.inbox(PHONE).length === 1)
    expect(await command('!failures')).toMatch(/Everything was delivered/)
  })

  it('says what is missing without a personal access token', async () => {
    await start({ withToken: false })
    expect(await command('!connect')).toMatch(/did not work.*personalAccessToken/)
    expect(await command('!status')).toMatch(/connected/)
  })

  it('sends nothing that is written there, and says once what the conversation is for', async () => {
    await start()
    const { id } = await write('Is anybody there?')
    await until(() => thread().find(({ sourceId }) => sourceId === `command:${id}`))
    await write('Hello?')
    await write('Just a note', { private: true })
    expect(await command('!help')).toMatch(/!status/)
    expect(lines(/takes commands/)).toHaveLength(2)
    expect(sends()).toBe(0)
    expect(thread().filter(({ status }) => status === 'failed')).toEqual([])
  })

  it('are not known in a customer’s conversation', async () => {
    await start()
    const maria = world.wasender.person({ phone: PHONE, name: 'Maria' })
    const { keyId } = maria.sendText('Hello')
    const hello = await until(() =>
      world.chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId),
    )
    const { id } = await world.chatwoot
      .agent()
      .reply(hello.conversationId, '!disconnect', { private: true })
    const answer = await until(() =>
      world.chatwoot.allMessages().find(({ sourceId }) => sourceId === `command:${id}`),
    )
    expect(answer.content).toMatch(/no such command/)
    expect(world.wasender.session().status).toBe('connected')
  })
})
