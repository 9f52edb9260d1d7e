import { afterEach, expect, it } from 'vitest'
import { sampleFile } from '../../src/content/media/outbound/testing.ts'
import { asId, type MessageId } from '../../src/kernel/ids.ts'
import { storeKey } from '../../src/state/store/keys.ts'
import { type ClockedWorld, startClockedWorld } from '../support/clocked-world.ts'

const PHONE = '+15550001111'
const WAIT = { timeoutMs: 20_000 }
let world: ClockedWorld
afterEach(() => world.close())

const kinds = () => world.wasender.inbox(PHONE).map(({ kind }) => kind)

it('a message that a crash cut off goes on at its next event, whatever that tells', async () => {
  world = await startClockedWorld()
  const { wasender, chatwoot, account, store } = world
  const { keyId } = wasender.person({ phone: PHONE, name: 'Maria' }).sendText('Hello')
  await chatwoot.waitFor(() => chatwoot.allMessages().some((m) => m.sourceId === keyId), WAIT)
  const bytes = sampleFile('audio/mpeg', 3_000)
  const attachments = [{ filename: 'song.mp3', contentType: 'audio/mpeg', bytes }]
  const { id } = await chatwoot.agent().reply(1, 'Listen', { attachments })
  const isDelivered = () => chatwoot.messages(1).find((m) => m.id === id)?.status === 'delivered'
  await chatwoot.waitFor(isDelivered, WAIT)
  expect(kinds()).toEqual(['text', 'voice'])

  // What a crash before the second part leaves behind.
  const messageId = asId<MessageId>(id)
  await store.links.delete(storeKey.outboundLink(account.id, messageId, 1))
  await account.chatwoot.messages.updateStatus(asId(1), messageId, { status: 'read' })
  await wasender.waitFor(() => kinds().length === 3, WAIT)
  await chatwoot.settled()
  expect(kinds()).toEqual(['text', 'voice', 'voice'])
})
