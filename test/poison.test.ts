import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Chat, startChat } from './support/chat.ts'

const ADMIN = 'a-long-random-admin-token'
const OTHER = '+15550001112'
const SERVER = { host: '127.0.0.1', port: 0, publicUrl: 'http://127.0.0.1', adminToken: ADMIN }

let chat: Chat
beforeEach(async () => {
  chat = await startChat({ config: { server: SERVER } })
})
afterEach(() => chat.close())

type Failure = { code: string; direction: string }
async function failures(): Promise<Failure[]> {
  const headers = { Authorization: `Bearer ${ADMIN}` }
  const answer = await fetch(`${chat.world.bridge.url}/admin/api/failures`, { headers })
  return ((await answer.json()) as { failures: Failure[] }).failures
}

const shown = (text: string) =>
  chat.world.chatwoot.allMessages().some(({ content }) => content === text)

/** Whatever is posted hangs, as far as the bridge can tell: it dies with that in hand. */
const hang = () =>
  chat.world.chatwoot.faults.add({ kind: 'hang', method: 'POST', path: '/messages' })

const posts = () =>
  chat.world.chatwoot.calls.filter(
    ({ method, path }) => method === 'POST' && path.endsWith('/messages'),
  ).length

/** Waits for so many further requests that hang, then has the bridge end. */
async function endWhile(count: number, end: () => Promise<unknown>, work: () => unknown) {
  const before = posts()
  await work()
  await chat.world.chatwoot.waitFor(() => posts() >= before + count, { timeoutMs: 20_000 })
  await end()
}

describe('an entry that is in hand each time the bridge dies', () => {
  it('is left aside after three times: the chat goes on, and agents and admins know', async () => {
    const { world } = chat
    const maria = world.wasender.person({ phone: '+15550001111' })
    hang()
    const kill = () => world.bridge.kill()
    await endWhile(1, kill, () => maria.sendText('Poison').delivered)
    await endWhile(1, kill, world.restart)
    await endWhile(1, kill, world.restart)
    world.chatwoot.faults.clear()
    await world.restart()
    await maria.sendText('After').delivered
    await world.chatwoot.waitFor(() => shown('After'), { timeoutMs: 20_000 })
    expect(shown('Poison')).toBe(false)
    expect(await failures()).toMatchObject([{ code: 'bridge.poison', direction: 'in' }])
    await expect
      .poll(chat.notes, { timeout: 20_000 })
      .toEqual([
        expect.stringMatching(/^A message from WhatsApp \(.* UTC\) could not be shown here/),
      ])
    await chat.reply('Hi')
    await chat.gets(1)
  })

  it('is innocent when many were in hand each time, and when the bridge was stopped', async () => {
    const { world } = chat
    const people = ['+15550001111', OTHER, '+15550001113'].map((phone) =>
      world.wasender.person({ phone }),
    )
    for (const person of people) person.sendText('Hello')
    await world.chatwoot.waitFor(
      () => world.chatwoot.allMessages().filter(({ content }) => content === 'Hello').length === 4,
      { timeoutMs: 20_000 },
    )
    hang()
    const kill = () => world.bridge.kill()
    await endWhile(3, kill, () =>
      Promise.all(people.map((person) => person.sendText('More').delivered)),
    )
    await endWhile(3, kill, world.restart)
    // From here on each of them begins alone.
    await endWhile(1, () => world.bridge.stop(), world.restart)
    world.chatwoot.faults.clear()
    await world.restart()
    await world.chatwoot.waitFor(
      () => world.chatwoot.allMessages().filter(({ content }) => content === 'More').length === 3,
      { timeoutMs: 40_000 },
    )
    expect(await failures()).toEqual([])
  })
})
