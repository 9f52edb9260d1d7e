import { readFile } from 'node:fs/promises'
import { afterEach, expect, it } from 'vitest'
import { startWorld, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

const CHATS = ['+15550001111', '+15550003333', '+15550004444']
const KILLS = 4
const ROUNDS = 40

/** The private Redis, by what the bridge logs when it is up. */
function redisPid(): number {
  const up = world.bridge.log.filter(({ msg }) => msg === 'Private Redis is up')
  return up.at(-1)?.pid as number
}

/** How many messages in Chatwoot say this. */
function countOf({ chatwoot }: World, text: string): number {
  return chatwoot.allMessages().filter(({ content }) => content === text).length
}

async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z')
  return !/\) Z/.test(status)
}

it('loses, doubles and reorders nothing when the private Redis is killed again and again', async () => {
  world = await startWorld({ chatwoot: { messagesPerMinute: 1_000_000 } })
  const { wasender, chatwoot } = world
  const people = CHATS.map((phone) => wasender.person({ phone, name: phone }))
  for (const person of people) person.sendText('hello')
  await chatwoot.waitFor(() => countOf(world, 'hello') === CHATS.length, { timeoutMs: 20_000 })
  await chatwoot.settled()

  for (let n = 0; n < ROUNDS; n += 1) {
    const said = people.map((person) => person.sendText(`in ${n}`).delivered)
    for (const { id } of chatwoot.conversations()) await chatwoot.agent().reply(id, `out ${n}`)
    if (n % (ROUNDS / KILLS) === 3) {
      const pid = redisPid()
      process.kill(pid, 'SIGKILL')
      await expect.poll(() => isRunning(pid)).toBe(false)
    }
    await Promise.all(said)
  }

  const expected = Array.from({ length: ROUNDS }, (_, n) => n)
  const incoming = (id: number) =>
    chatwoot.messages(id).filter(({ messageType }) => messageType === 'incoming')
  await chatwoot.waitFor(
    () => chatwoot.conversations().every(({ id }) => incoming(id).length > ROUNDS),
    { timeoutMs: 20_000 },
  )
  await wasender.waitFor(() => CHATS.every((phone) => wasender.inbox(phone).length >= ROUNDS), {
    timeoutMs: 20_000,
  })
  await chatwoot.settled()
  for (const { id } of chatwoot.conversations()) {
    expect(incoming(id).map(({ content }) => content)).toEqual([
      'hello',
      ...expected.map((n) => `in ${n}`),
    ])
  }
  for (const phone of CHATS) {
    expect(wasender.inbox(phone).map(({ text }) => text)).toEqual(expected.map((n) => `out ${n}`))
  }
  const restarts = world.bridge.log.filter(({ msg }) => msg === 'Private Redis is up').length
  expect(restarts).toBe(KILLS + 1)
}, 90_000)
