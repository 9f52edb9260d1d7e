import { expect, it } from 'vitest'
import { createInTurn } from './keyed-queue.ts'

it('runs work on one key in turn, on another at the same time, and survives failures', async () => {
  const inTurn = createInTurn()
  const events: string[] = []
  const gate = Promise.withResolvers<void>()
  const failing = inTurn('a', async () => {
    await gate.promise
    events.push('a1')
    throw new Error('no')
  })
  const after = inTurn('a', async () => void events.push('a2'))
  await inTurn('b', async () => void events.push('b'))
  gate.resolve()
  await expect(failing).rejects.toThrow('no')
  await after
  expect(events).toEqual(['b', 'a1', 'a2'])
})
