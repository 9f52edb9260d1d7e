import { afterEach, expect, it } from 'vitest'
import { en } from '../../src/locale/en.ts'
import { sampleFile } from '../../src/media/outbound/testing.ts'
import { type ClockedWorld, startClockedWorld } from '../support/clocked-world.ts'

const PHONE = '+15550001111'
const WAIT = { timeoutMs: 20_000 }
let world: ClockedWorld
afterEach(() => world.close())

const message = (id: number) => world.chatwoot.messages(1).find((each) => each.id === id)
const kinds = () => world.wasender.inbox(PHONE).map(({ kind }) => kind)

it('the rest behind a lost answer that came to light too late goes out by Retry, and only the rest', async () => {
  world = await startClockedWorld()
  const { wasender, chatwoot } = world
  const { keyId } = wasender.person({ phone: PHONE, name: 'Maria' }).sendText('Hello')
  await chatwoot.waitFor(() => chatwoot.allMessages().some((m) => m.sourceId === keyId), WAIT)
  await chatwoot.settled()
  wasender.echo.after = 6_000
  wasender.faults.add({ kind: 'drop-after', path: '/send-message', times: 1 })
  const bytes = sampleFile('audio/mpeg', 3_000)
  const attachments = [{ filename: 'song.mp3', contentType: 'audio/mpeg', bytes }]
  const { id } = await chatwoot.agent().reply(1, 'Listen', { attachments })
  const links = () => world.delivery.journal.ofMessage(world.account.id, id as never)
  await expect.poll(async () => (await links())[0]?.state, { timeout: 10_000 }).toBe('unknown')

  world.ahead(125_000)
  await chatwoot.waitFor(() => message(id)?.status === 'failed', WAIT)
  expect(message(id)?.contentAttributes.external_error).toBe(en.failed.mayHaveArrived)
  await expect.poll(async () => (await links())[0]?.keyId, { timeout: 20_000 }).toBeDefined()
  await chatwoot.settled()
  expect(kinds()).toEqual(['text'])
  expect(message(id)?.status).toBe('failed')

  chatwoot.agent().retry(id)
  await chatwoot.waitFor(() => message(id)?.status === 'delivered', WAIT)
  expect(kinds()).toEqual(['text', 'voice'])
})
