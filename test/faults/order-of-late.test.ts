import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createRandom } from '../../sandbox/wasender/random.ts'
import { startWorld, type World, type WorldOptions } from '../support/world.ts'

const SECOND = 1_000
/** Of stamps: WhatsApp tells times in whole seconds. */
const STAMPS = [4, 3, 2, 1, 0]
const random = createRandom(5)
let world: World
afterEach(() => world.close())

const phoneOf = (n: number) => `+1202555${String(100 + n).padStart(4, '0')}`

async function start(options: WorldOptions = {}) {
  world = await startWorld(options)
  Object.assign(world.wasender.webhookFaults, { overtake: true, delayMs: [0, 100] })
}

const personOf = (n: number) => world.wasender.person({ phone: phoneOf(n), name: `Customer ${n}` })

/** The texts of each conversation in the order in which agents see them. */
function shown(): string[][] {
  const { chatwoot } = world
  return chatwoot
    .conversations()
    .map(({ id }) => chatwoot.messages(id).map(({ content }) => lastLine(content ?? '')))
    .map((texts) => texts.filter((text) => /^\d$/.test(text)))
}

/** In groups the first line says who wrote it. */
const lastLine = (text: string) => text.split('\n').at(-1) ?? ''

/** Five messages a second apart, the last of them just now or `ago` ms ago, said in one moment in any order. */
function burst(say: (text: string, at: number) => void, ago = 0): void {
  const last = Math.floor((Date.now() - ago) / SECOND) * SECOND
  const said = STAMPS.map((seconds, n) => ({ text: `${n}`, at: last - seconds * SECOND }))
  for (const { text, at } of random.shuffle(said)) say(text, at)
}

async function allShown(count: number): Promise<void> {
  const isThere = () => shown().flat().length >= count
  await world.chatwoot.waitFor(isThere, { timeoutMs: 60_000 })
}

const SORTED = ['0', '1', '2', '3', '4']

describe('messages whose webhooks come together and in any order', () => {
  it.each([
    ['of which the newest is just written', 0],
    ['which all are late', 20 * SECOND],
  ])('%s are sorted by WhatsApp’s seconds', async (_what, ago) => {
    await start()
    for (let n = 0; n < 8; n += 1) {
      const person = personOf(n)
      burst((text, at) => person.sendText(text, { at }), ago)
      await allShown((n + 1) * STAMPS.length)
    }
    expect(shown()).toEqual(Array(8).fill(SORTED))
  })

  it('of a group and of the phone as well', async () => {
    await start()
    const { wasender } = world
    const people = [personOf(0), personOf(1)]
    const group = wasender.group({ subject: 'Plans', participants: [phoneOf(0), phoneOf(1)] })
    let turn = 0
    burst((text, at) => {
      turn += 1
      people[turn % 2]!.inGroup(group.jid).sendText(text, { at })
    })
    burst((text, at) => {
      turn += 1
      if (turn % 2 === 0) wasender.owner.typeOnPhone(phoneOf(0), text, { at })
      else people[0]!.sendText(text, { at })
    })
    await allShown(2 * STAMPS.length)
    expect(shown()).toEqual([SORTED, SORTED])
  })

  it('although they waited on disk while Redis was away', async () => {
    await start()
    const { log } = world.bridge
    const pid = Number(log.findLast(({ msg }) => msg === 'Private Redis is up')?.pid)
    process.kill(pid, 'SIGSTOP')
    try {
      const person = personOf(0)
      const delivered: Promise<void>[] = []
      burst((text, at) => delivered.push(person.sendText(text, { at }).delivered))
      await Promise.all(delivered)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await allShown(STAMPS.length)
    expect(shown()).toEqual([SORTED])
  })

  it('although the gateway repeats each by itself what the bridge was not there for', async () => {
    await start({ wasender: { retryMs: 900 } })
    await world.bridge.kill()
    const person = personOf(0)
    burst((text, at) => person.sendText(text, { at }))
    // Everything was refused once.
    await pause(100)
    await world.restart()
    await allShown(STAMPS.length)
    expect(shown()).toEqual([SORTED])
  })
})

it('shows a single message without waiting for others that are late', async () => {
  await start()
  const [maria, joao] = [personOf(0), personOf(1)]
  const late = Date.now() - 60 * SECOND
  for (const person of [maria, joao]) person.sendText('0')
  await allShown(2)
  maria.sendText('1', { at: late })
  joao.sendText('1')
  await allShown(4)
  const order = world.chatwoot.allMessages().filter(({ content }) => content === '1')
  const contactOf = (id: number) =>
    world.chatwoot.conversations().find((each) => each.id === id)?.contactId
  const names = order.map(({ conversationId }) => contactOf(conversationId))
  const joaos = world.chatwoot.contacts().find(({ phoneNumber }) => phoneNumber === phoneOf(1))
  expect(names[0]).toBe(joaos?.id)
})
