import { afterEach, describe, expect, it, vi } from 'vitest'
import { en } from '../../src/content/locale/en.ts'
import { type ClockedWorld, startClockedWorld } from '../support/clocked-world.ts'

const HOUR = 3_600_000
const PHONES = ['+15550001111', '+15550003333']
const WAIT = { timeoutMs: 20_000 }
let world: ClockedWorld
afterEach(() => world.close())

/** One conversation for each of the customers. */
async function start(options: Parameters<typeof startClockedWorld>[0] = {}): Promise<number[]> {
  world = await startClockedWorld(options)
  const { wasender, chatwoot } = world
  const conversations: number[] = []
  for (const phone of PHONES) {
    const { keyId } = wasender.person({ phone, name: phone }).sendText('Hello')
    const shown = await chatwoot.waitFor(
      () => chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId),
      WAIT,
    )
    conversations.push(shown.conversationId)
  }
  await chatwoot.settled()
  return conversations
}

const notes = (conversation: number) =>
  world.chatwoot
    .messages(conversation)
    .filter(({ private: isNote }) => isNote)
    .map(({ content }) => content)
/** Courtesies around the messages, such as a contact's picture, may fail meanwhile. */
const failedSends = () => world.failedAttempts.filter(({ lane }) => lane.direction === 'out')
const sends = () => world.wasender.countOf('/send-message')
/** What Chatwoot shows of a message changes, and its webhook tells of it. */
async function report(conversation: number, message: number, status: string): Promise<void> {
  const { url, adminToken } = world.chatwoot
  const path = `/api/v1/accounts/1/conversations/${conversation}/messages/${message}`
  const response = await fetch(url + path, {
    method: 'PATCH',
    headers: { api_access_token: adminToken, 'content-type': 'application/json' },
    body: JSON.stringify({ status }),
  })
  expect(response.status).toBe(200)
}
const isUpAgain = () => world.wasender.setStatus(1, 'connected')
/** Until the session was asked for how it is, so many times since. */
const asked = (times: number) => {
  const before = world.wasender.countOf('/status')
  return world.wasender.waitFor(() => world.wasender.countOf('/status') >= before + times, WAIT)
}

describe('a session that is logged out for a day', () => {
  it('holds agents’ messages, tells them once, and sends all of it in order when it is back', async () => {
    const [one = 0, two = 0] = await start()
    const { wasender, chatwoot } = world
    await wasender.setStatus(1, 'logged_out')
    const texts = Array.from({ length: 8 }, (_, n) => `reply ${n}`)
    for (const text of texts) {
      await chatwoot.agent().reply(one, `one: ${text}`)
      await chatwoot.agent().reply(two, `two: ${text}`)
    }
    await chatwoot.waitFor(() => notes(one).length === 1 && notes(two).length === 1, WAIT)
    for (let hours = 0; hours < 24; hours += 8) {
      world.ahead(8 * HOUR)
      await asked(1)
    }
    await chatwoot.settled()
    expect(sends()).toBe(0)
    expect(notes(one)).toEqual([en.waiting.down])
    expect(chatwoot.allMessages().map(({ status }) => status)).not.toContain('failed')

    await isUpAgain()
    for (const [index, phone] of PHONES.entries()) {
      const name = ['one', 'two'][index]
      await wasender.waitFor(() => wasender.inbox(phone).length >= texts.length, WAIT)
      expect(wasender.inbox(phone).map(({ text }) => text)).toEqual(
        texts.map((text) => `${name}: ${text}`),
      )
    }
    await chatwoot.waitFor(() => notes(one).length === 2 && notes(two).length === 2, WAIT)
    expect(notes(two)).toEqual([en.waiting.down, en.waiting.back])
    expect(sends()).toBe(2 * texts.length)
    expect(failedSends()).toEqual([])
    expect(world.workerErrors).toEqual([])
  })

  it('says of no message that was sent that it waits', async () => {
    const [one = 0, two = 0] = await start()
    const { wasender, chatwoot } = world
    const sent = await chatwoot.agent().reply(one, 'Long delivered')
    const shown = () => chatwoot.messages(one).find(({ id }) => id === sent.id)?.status
    await chatwoot.waitFor(() => shown() === 'delivered', WAIT)
    await chatwoot.settled()
    await wasender.setStatus(1, 'logged_out')
    await report(one, sent.id, 'read')
    await chatwoot.settled()
    await chatwoot.agent().reply(two, 'Waits')
    await chatwoot.waitFor(() => notes(two).length === 1, WAIT)
    expect(notes(one)).toEqual([])
    const late = await chatwoot.agent().reply(one, 'Waits as well')
    await chatwoot.waitFor(() => notes(one).length === 1, WAIT)
    const note = chatwoot.messages(one).find(({ private: isNote }) => isNote)
    expect(note?.contentAttributes.in_reply_to).toBe(late.id)
  })

  it('is asked for how it is when no webhook tells that it is back', async () => {
    const [one = 0] = await start()
    const { wasender, chatwoot } = world
    // Nobody hears of it: neither that it goes down nor that it comes back.
    wasender.session().webhookEvents = ['messages.upsert']
    await wasender.setStatus(1, 'disconnected')
    await chatwoot.agent().reply(one, 'Anyone?')
    await wasender.waitFor(() => sends() === 1, WAIT)
    await asked(2)
    expect(sends()).toBe(1)
    await isUpAgain()
    await wasender.waitFor(() => wasender.inbox(PHONES[0]!).length === 1, WAIT)
    expect(sends()).toBe(2)
    expect(failedSends()).toEqual([])
  })

  it('for longer than retryFor: the message fails with the reason, and nothing was sent', async () => {
    const [one = 0] = await start({ options: { retryFor: '24h' } })
    const { wasender, chatwoot } = world
    await wasender.setStatus(1, 'logged_out')
    const { id } = await chatwoot.agent().reply(one, 'Too late')
    await chatwoot.waitFor(() => notes(one).length === 1, WAIT)
    for (const _attempt of ['first', 'second', 'third']) {
      world.ahead(25 * HOUR)
      const before = failedSends().length
      await wasender.waitFor(() => failedSends().length > before, WAIT)
    }
    const failed = await chatwoot.waitFor(
      () => chatwoot.messages(one).find((each) => each.id === id && each.status === 'failed'),
      WAIT,
    )
    expect(failed.contentAttributes.external_error).toBe(en.failed.byCode['wasender.not_connected'])
    expect(sends()).toBe(0)
    expect(await world.bridge.queue.failures.count(world.account.id, 'out')).toBe(1)
  })

  it('lets a message be deleted meanwhile, and never sends it', async () => {
    const [one = 0] = await start()
    const { wasender, chatwoot } = world
    await wasender.setStatus(1, 'logged_out')
    const { id } = await chatwoot.agent().reply(one, 'Oh no')
    await chatwoot.agent().reply(one, 'Better')
    await chatwoot.waitFor(() => notes(one).length === 1, WAIT)
    chatwoot.agent().deleteMessage(id)
    await chatwoot.settled()
    await isUpAgain()
    await wasender.waitFor(() => wasender.inbox(PHONES[0]!).length === 1, WAIT)
    expect(wasender.inbox(PHONES[0]!).map(({ text }) => text)).toEqual(['Better'])
  })

  it('never sends what is deleted while its turn finds out that the session is back', async () => {
    const [one = 0] = await start()
    const { wasender, chatwoot, account } = world
    await wasender.setStatus(1, 'logged_out')
    const { id } = await chatwoot.agent().reply(one, 'Oh no')
    await chatwoot.agent().reply(one, 'Better')
    await chatwoot.waitFor(() => notes(one).length === 1, WAIT)
    const question = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<'connected'>()
    vi.spyOn(account.wasender.session, 'status').mockImplementation(() => {
      question.resolve()
      return answer.promise
    })
    await question.promise
    chatwoot.agent().deleteMessage(id)
    await chatwoot.settled()
    await isUpAgain()
    answer.resolve('connected')
    await wasender.waitFor(() => wasender.inbox(PHONES[0]!).length === 1, WAIT)
    expect(wasender.inbox(PHONES[0]!).map(({ text }) => text)).toEqual(['Better'])
    expect(sends()).toBe(1)
  })
})
