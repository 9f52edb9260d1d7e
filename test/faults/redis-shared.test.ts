import { afterEach, expect, it } from 'vitest'
import { type Fleet, startFleet } from '../support/fleet.ts'

const PHONE = '+15550001111'
let fleet: Fleet
afterEach(() => fleet.close())

it('keeps the order when two bridges each spool a part of a chat', async () => {
  fleet = await startFleet({ processes: 2 })
  const { chatwoot, session } = fleet.accounts[0]!
  const [first, second] = fleet.bridges.map(({ log, pid }) => ({
    hasSaid: (words: string) => log.some(({ msg }) => msg === words),
    send: (signal: NodeJS.Signals) => process.kill(pid, signal),
  }))
  const texts = () => chatwoot.allMessages().map(({ content }) => content)
  const maria = fleet.wasender.person({ phone: PHONE, name: 'Maria' })
  // One webhook for each message, so that every other one comes to the same bridge.
  session.webhookEvents = ['messages.received']
  maria.sendText('0')
  await chatwoot.waitFor(() => texts().includes('0'), { timeoutMs: 30_000 })
  await chatwoot.settled()

  fleet.killRedis('SIGSTOP')
  const said = Array.from({ length: 12 }, (_, n) => `${n}`)
  for (const text of said.slice(1)) await maria.sendText(text).delivered
  for (const bridge of [first, second]) {
    expect(bridge!.hasSaid('Webhooks wait on disk for Redis')).toBe(true)
  }
  second!.send('SIGSTOP')
  fleet.killRedis('SIGCONT')
  await expect.poll(() => first!.hasSaid('What waited on disk is in its lanes')).toBe(true)
  second!.send('SIGCONT')
  await chatwoot.waitFor(() => texts().length >= said.length, { timeoutMs: 30_000 })
  expect(texts()).toEqual(said)
})
