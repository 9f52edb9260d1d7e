import { afterEach, expect, it } from 'vitest'
import { sampleFile } from '../../src/content/media/outbound/testing.ts'
import { startWorld, type World } from '../support/world.ts'

const PHONE = '+15550001111'
let world: World
afterEach(() => world.close())

it('a chat that begins under a LID alone keeps its order when the number becomes known', async () => {
  world = await startWorld()
  const { wasender, chatwoot } = world
  const maria = wasender.person({ phone: PHONE, lid: '189975000000001', name: 'Maria' })
  chatwoot.faults.add({ kind: 'answer', status: 503, path: '/contacts', times: 2 })
  const said = [
    wasender.owner.typeOnPhone(PHONE, 'first', { addressing: 'lid' }),
    wasender.owner.typeOnPhone(PHONE, 'second', { addressing: 'lid' }),
  ]
  await Promise.all(said.map(({ delivered }) => delivered))
  // Only this one tells the number.
  said.push(maria.sendText('third'))
  await Promise.all(said.map(({ delivered }) => delivered))
  said.push(wasender.owner.typeOnPhone(PHONE, 'fourth', { addressing: 'lid' }))
  await chatwoot.waitFor(() => shown().length === said.length, { timeoutMs: 20_000 })
  expect(shown()).toEqual(said.map(({ keyId }) => keyId))
  expect(chatwoot.contacts()).toHaveLength(1)
  expect(chatwoot.conversations()).toHaveLength(1)
})

it('agents’ messages keep their order when the chat they wait for is joined with another', async () => {
  world = await startWorld()
  const { wasender, chatwoot } = world
  const lid = '189975000000001'
  const maria = (hidePhone = false) =>
    wasender.person({ phone: PHONE, lid, name: 'Maria', hidePhone })
  const arrives = ({ keyId }: { keyId: string }) =>
    chatwoot.waitFor(() => chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId))
  await arrives(maria().sendText('By number', { addressing: 'pn', omit: ['senderLid'] }))
  const { conversationId } = await arrives(maria(true).sendText('By LID'))
  await chatwoot.settled()

  wasender.faults.add({ kind: 'answer', status: 503, path: '/upload' })
  const bytes = sampleFile('audio/mpeg', 3_000)
  const attachments = [{ filename: 'song.mp3', contentType: 'audio/mpeg', bytes }]
  await chatwoot.agent().reply(conversationId, null, { attachments })
  await wasender.waitFor(() => wasender.countOf('/api/upload') > 0)
  const both = await arrives(maria().sendText('Both'))
  expect(both.conversationId).toBe(conversationId)
  await chatwoot.agent().reply(conversationId, 'Second')
  await chatwoot.settled()
  await world.bridge.kill()
  await world.restart()
  await chatwoot.agent().reply(conversationId, 'Third')
  await chatwoot.settled()
  // Behind whatever the bridge sends at once.
  await arrives(maria().sendText('marker'))
  expect(sent()).toEqual([])
  wasender.faults.clear()
  await wasender.waitFor(() => sent().length === 3, { timeoutMs: 30_000 })
  expect(sent()).toEqual(['voice', 'Second', 'Third'])
})

const sent = () => world.wasender.inbox(PHONE).map(({ kind, text }) => text ?? kind)

const shown = () =>
  world.chatwoot
    .allMessages()
    .map(({ sourceId }) => sourceId)
    .filter((sourceId) => sourceId !== null)
