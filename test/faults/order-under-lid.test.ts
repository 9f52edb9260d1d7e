import { afterEach, expect, it } from 'vitest'
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

const shown = () =>
  world.chatwoot
    .allMessages()
    .map(({ sourceId }) => sourceId)
    .filter((sourceId) => sourceId !== null)
