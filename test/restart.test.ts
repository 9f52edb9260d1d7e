import { readFile, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startChatwootStandIn } from '../sandbox/chatwoot/server.ts'
import { startWorld, type World } from './support/world.ts'

const PHONE = '+15550001111'
let world: World

beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.close())

const maria = () => world.wasender.person({ phone: PHONE, lid: '189975000000001', name: 'Maria' })
const shown = (text: string) => () =>
  world.chatwoot.allMessages().find(({ content }) => content === text)
const onPhone = (text: string) => () =>
  world.wasender.inbox(PHONE).find((message) => message.text === text)

describe('stopping', () => {
  it('on SIGTERM: exits 0, keeps what it knows, takes up where it was', async () => {
    const { wasender, chatwoot } = world
    maria().sendText('Before')
    await chatwoot.waitFor(shown('Before'))
    await chatwoot.settled()
    expect(await world.bridge.stop()).toBe(0)
    await world.restart()

    const calls = chatwoot.calls.length
    maria().sendText('After')
    await chatwoot.waitFor(shown('After'))
    // At start the bridge asks for what it may have missed; what it does is to post the message.
    const writes = chatwoot.calls.slice(calls).filter(({ method }) => method !== 'GET')
    expect(writes.map(({ method }) => method)).toEqual(['POST'])
    await chatwoot.agent().reply(1, 'Still here')
    await wasender.waitFor(onPhone('Still here'))
    expect(chatwoot.contacts()).toHaveLength(1)
    expect(chatwoot.conversations()).toHaveLength(1)
  })
})

describe('after kill -9', () => {
  it('delivers what was accepted, once and in order', async () => {
    const { chatwoot } = world
    maria().sendText('first')
    await chatwoot.waitFor(shown('first'))
    chatwoot.faults.add({ kind: 'answer', status: 503, path: '/messages' })
    const said = Array.from({ length: 10 }, (_, n) => maria().sendText(`waiting ${n}`))
    await Promise.all(said.map(({ delivered }) => delivered))
    await world.bridge.kill()
    chatwoot.faults.clear()
    await world.restart()
    await chatwoot.waitFor(shown('waiting 9'), { timeoutMs: 15_000 })
    const texts = chatwoot
      .allMessages()
      .filter(({ messageType }) => messageType === 'incoming')
      .map(({ content }) => content)
    expect(texts).toEqual(['first', ...said.map((_, n) => `waiting ${n}`)])
  })

  it('in the middle of a post: looks for it before it posts again, however much was written since', async () => {
    const { chatwoot } = world
    maria().sendText('first')
    await chatwoot.waitFor(shown('first'))
    chatwoot.faults.add({ kind: 'delay-after', ms: 60_000, path: '/messages', times: 1 })
    const cut = maria().sendText('cut off')
    await chatwoot.waitFor(shown('cut off'))
    await world.bridge.kill()
    // More than Chatwoot lists at once.
    for (let n = 0; n < 25; n += 1) await chatwoot.agent().reply(1, `note ${n}`, { private: true })
    await world.restart()
    maria().sendText('next')
    await chatwoot.waitFor(shown('next'), { timeoutMs: 15_000 })
    const copies = chatwoot.allMessages().filter(({ sourceId }) => sourceId === cut.keyId)
    expect(copies).toHaveLength(1)
  })

  it('in the middle of a send: the echo settles it, nothing is sent twice', async () => {
    const { wasender, chatwoot } = world
    maria().sendText('first')
    await chatwoot.waitFor(shown('first'))
    await chatwoot.settled()
    wasender.faults.add({ kind: 'delay-after', ms: 60_000, path: '/send-message', times: 1 })
    // Long enough for the bridge to be back: an echo it misses is not told again.
    wasender.echo.after = 6_000
    await chatwoot.agent().reply(1, 'cut off')
    await wasender.waitFor(() => wasender.countOf('/api/send-message') === 1)
    await world.bridge.kill()
    await world.restart()
    await chatwoot.agent().reply(1, 'next')
    await wasender.waitFor(onPhone('next'), { timeoutMs: 40_000 })
    expect(wasender.inbox(PHONE).map(({ text }) => text)).toEqual(['cut off', 'next'])
    expect(wasender.countOf('/api/send-message')).toBe(2)
  }, 60_000)
})

describe('a changed address of Chatwoot', () => {
  /** Stops the bridge and puts something else into its configuration. */
  async function change(from: string, to: string): Promise<void> {
    await world.bridge.stop()
    const config = await readFile(world.configPath, 'utf8')
    expect(config).toContain(from)
    await writeFile(world.configPath, config.replace(from, to))
  }

  it('is refused when what is known of the account is about another one', async () => {
    const { wasender, chatwoot } = world
    maria().sendText('Before')
    await chatwoot.waitFor(shown('Before'))
    await chatwoot.settled()
    const other = await startChatwootStandIn({ inboxes: [{ name: 'WhatsApp' }] })
    await change(chatwoot.url, other.url)
    await expect(world.restart()).rejects.toThrow(/account "sales" is about another Chatwoot/)
    expect(other.calls).toEqual([])
    await other.close()

    await change(other.url, chatwoot.url)
    await world.restart()
    await chatwoot.agent().reply(1, 'Still here')
    await wasender.waitFor(onPhone('Still here'))
  })

  it('is taken when the old one stands beside it', async () => {
    const { wasender, chatwoot } = world
    maria().sendText('Before')
    await chatwoot.waitFor(shown('Before'))
    await chatwoot.settled()
    const address = `baseUrl: ${chatwoot.url}`
    const moved = chatwoot.url.replace('127.0.0.1', 'localhost')
    await change(address, `baseUrl: ${moved}\n      formerBaseUrl: ${chatwoot.url}`)
    await world.restart()
    await chatwoot.agent().reply(1, 'Still here')
    await wasender.waitFor(onPhone('Still here'))
    expect(chatwoot.conversations()).toHaveLength(1)
  })
})
