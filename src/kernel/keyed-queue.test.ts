import { expect, it } from 'vitest'
import { createKeyedQueue } from './async.ts'

it('runs work on one key in turn, on another at the same time, and survives failures', async () => {
  const keyedQueue = createKeyedQueue()
  const events: string[] = []
  const gate = Promise.withResolvers<void>()
  const failing = keyedQueue('a', async () => {
    await gate.promise
    events.push('a1')
    throw new Error('no')
  })
  const after = keyedQueue('a', async () => void events.push('a2'))
  await keyedQueue('b', async () => void events.push('b'))
  gate.resolve()
  await expect(failing).rejects.toThrow('no')
  await after
  expect(events).toEqual(['b', 'a1', 'a2'])
})
