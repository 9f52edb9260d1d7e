import { afterEach, describe, expect, it } from 'vitest'
import { type ClockedWorld, startClockedWorld } from '../support/clocked-world.ts'

const HOUR = 3_600_000
const CHATS = 100
const WAIT = { timeoutMs: 90_000 }
let world: ClockedWorld
afterEach(() => world.close())

const phoneOf = (chat: number) => `+1555${String(1_000_000 + chat)}`

/** A customer per chat, each known to Chatwoot already. */
async function start(chats: number, options: Parameters<typeof startClockedWorld>[0] = {}) {
  world = await startClockedWorld(options)
  const { wasender, chatwoot } = world
  const people = Array.from({ length: chats }, (_, chat) =>
    wasender.person({ phone: phoneOf(chat), name: `Customer ${chat}` }),
  )
  for (const person of people) person.sendText('Hello')
  await chatwoot.waitFor(() => incoming().length === chats, WAIT)
  await chatwoot.settled()
  return people
}

const incoming = () =>
  world.chatwoot.allMessages().filter(({ messageType }) => messageType === 'incoming')
const probes = () => world.chatwoot.calls.filter(({ path }) => /\/inboxes\/\d+$/.test(path)).length

/** Looks now and then: with so many messages, looking at every change would take longer than the changes. */
const until = (condition: () => boolean) =>
  expect.poll(() => condition(), { timeout: 240_000, interval: 500 }).toBe(true)

/** What each conversation shows of its customer, oldest first. */
function shownByConversation(): Map<number, string[]> {
  const shown = new Map<number, string[]>()
  for (const { conversationId, content } of incoming()) {
    shown.set(conversationId, [...(shown.get(conversationId) ?? []), content ?? ''])
  }
  return shown
}

describe('a Chatwoot that is down for three days', () => {
  it('gets all 10,000 messages in order afterwards, and was only probed meanwhile', async () => {
    const people = await start(CHATS)
    const { wasender, chatwoot, bridge, account } = world
    chatwoot.faults.add({ kind: 'answer', status: 503 })
    const perChat = 10_000 / CHATS
    for (let n = 0; n < perChat; n += 1) {
      await Promise.all(people.map((person, chat) => person.sendText(`${chat}: ${n}`).delivered))
    }
    await chatwoot.waitFor(() => account.chatwootBreaker.isOpen(), WAIT)
    for (let day = 0; day < 3; day += 1) {
      // A moment before the end of `retryFor`, which counts from when a message came.
      world.ahead(24 * HOUR - 60_000)
      const before = probes()
      await chatwoot.waitFor(() => probes() >= before + 2, WAIT)
    }
    const failuresDuring = world.failedAttempts.length
    chatwoot.faults.clear()
    await until(() => incoming().length >= 10_000 + CHATS)
    await chatwoot.settled()

    const shown = [...shownByConversation().values()]
    expect(shown).toHaveLength(CHATS)
    for (const texts of shown) {
      const chat = texts[1]?.split(':')[0]
      expect(texts).toEqual([
        'Hello',
        ...Array.from({ length: perChat }, (_, n) => `${chat}: ${n}`),
      ])
    }
    expect(await bridge.queue.failures.count(account.id, 'in')).toBe(0)
    // Before the breaker opened each lane may have tried its head, none of them more than a few times.
    expect(failuresDuring).toBeLessThan(5 * CHATS)
    expect(world.workerErrors).toEqual([])
    expect(wasender.inbox(phoneOf(0))).toEqual([])
  }, 300_000)

  it('and for longer than retryFor: what is too old becomes a dead letter, the rest arrives', async () => {
    const [person] = await start(1, { options: { retryFor: '24h' } })
    const { chatwoot, bridge, account } = world
    chatwoot.faults.add({ kind: 'answer', status: 503 })
    for (let n = 0; n < 5; n += 1) await person!.sendText(`old ${n}`).delivered
    await chatwoot.waitFor(() => account.chatwootBreaker.isOpen(), WAIT)
    world.ahead(25 * HOUR)
    await person!.sendText('young').delivered
    const failures = async () => {
      const page = await bridge.queue.failures.list({ accounts: [account.id], limit: 10 })
      return page.failures.filter(({ lane }) => lane === `in:sales:pn:${phoneOf(0).slice(1)}`)
    }
    while ((await failures()).length < 5) {
      const before = world.failedAttempts.length
      world.ahead(60_000)
      await until(() => world.failedAttempts.length > before)
    }
    chatwoot.faults.clear()
    await chatwoot.waitFor(() => incoming().some(({ content }) => content === 'young'), WAIT)
    expect(incoming().some(({ content }) => content?.startsWith('old'))).toBe(false)
    expect((await failures()).map(({ code }) => code)).toEqual(
      Array(5).fill('chatwoot.server_error'),
    )
  }, 120_000)
})
