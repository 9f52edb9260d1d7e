import { afterEach, describe, expect, it } from 'vitest'
import { en } from '../../src/content/locale/en.ts'
import { sampleFile } from '../../src/content/media/outbound/testing.ts'
import { type ClockedWorld, startClockedWorld } from '../support/clocked-world.ts'

const PHONE = '+15550001111'
const WAIT = { timeoutMs: 20_000 }
let world: ClockedWorld
afterEach(() => world.close())

const message = (id: number) => world.chatwoot.messages(1).find((each) => each.id === id)
const kinds = () => world.wasender.inbox(PHONE).map(({ kind }) => kind)

const links = (id: number) => world.bridge.sends.journal.ofMessage(world.account.id, id as never)
const letters = () => world.bridge.queue.failures.list({ accounts: [world.account.id], limit: 5 })

/** A text whose answer was lost and which came to light only after the agent was told that it may not have arrived. */
async function stuck(): Promise<number> {
  world = await startClockedWorld()
  const { wasender, chatwoot } = world
  const { keyId } = wasender.person({ phone: PHONE, name: 'Maria' }).sendText('Hello')
  await chatwoot.waitFor(() => chatwoot.allMessages().some((m) => m.sourceId === keyId), WAIT)
  await chatwoot.settled()
  wasender.echo.after = 6_000
  wasender.faults.add({ kind: 'drop-after', path: '/send-message', times: 1 })
  const bytes = sampleFile('audio/mpeg', 3_000)
  const song = { filename: 'song.mp3', contentType: 'audio/mpeg', bytes }
  const { id } = await chatwoot.agent().reply(1, 'Listen', { attachments: [song, song] })
  await expect.poll(async () => (await links(id))[0]?.state).toBe('unknown')

  world.ahead(125_000)
  await chatwoot.waitFor(() => message(id)?.status === 'failed', WAIT)
  expect(message(id)?.contentAttributes.external_error).toBe(en.failed.mayHaveArrived)
  await expect.poll(async () => (await links(id))[0]?.keyId, { timeout: 20_000 }).toBeDefined()
  await chatwoot.settled()
  expect(kinds()).toEqual(['text'])
  expect(message(id)?.status).toBe('failed')
  wasender.echo.after = 0
  return id
}

const isDelivered = (id: number) =>
  world.chatwoot.waitFor(() => message(id)?.status === 'delivered', WAIT)

describe('the rest behind a lost answer that came to light too late', () => {
  it('goes out by Retry, and only the rest', async () => {
    const id = await stuck()
    world.chatwoot.agent().retry(id)
    await isDelivered(id)
    expect(kinds()).toEqual(['text', 'voice', 'voice'])
    expect((await letters()).failures).toEqual([])
  })

  it('goes out when the dead letter is retried', async () => {
    const id = await stuck()
    const [letter] = (await letters()).failures
    expect(await world.bridge.retryFailures.retry(letter?.id ?? '')).toBe(true)
    await isDelivered(id)
    expect(kinds()).toEqual(['text', 'voice', 'voice'])
    expect((await letters()).failures).toEqual([])
  })

  it('goes out by Retry also when the dead letter was discarded', async () => {
    const id = await stuck()
    const [letter] = (await letters()).failures
    expect(await world.bridge.retryFailures.discard(letter?.id ?? '')).toBe(true)
    world.chatwoot.agent().retry(id)
    await isDelivered(id)
    expect(kinds()).toEqual(['text', 'voice', 'voice'])
  })

  it('is never sent when the message is deleted, and the agent is told of what cannot be', async () => {
    const id = await stuck()
    const { chatwoot } = world
    chatwoot.agent().deleteMessage(id)
    // With the answer the gateway's number of the message was lost, without which nothing can be deleted there.
    const { notDeleted, noHandle } = en.outbound
    const told = notDeleted(noHandle)
    await chatwoot.waitFor(() => chatwoot.messages(1).some((m) => m.content === told), WAIT)
    await expect.poll(letters).toEqual({ failures: [] })
    await expect
      .poll(async () => (await links(id)).map(({ deletedBy }) => deletedBy))
      .toEqual([id, id, id])
    expect(kinds()).toEqual(['text'])
  })
})
