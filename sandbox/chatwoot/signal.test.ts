import { expect, test } from 'vitest'
import { createSignal, waitOn } from './signal.ts'

test('resolves with what is already true', async () => {
  await expect(waitOn(createSignal(), () => 'now')).resolves.toBe('now')
})

test('asks again when something changed', async () => {
  const signal = createSignal()
  let value = 0
  const waiting = waitOn(signal, () => value > 1 && value)
  value = 1
  signal.ring()
  value = 2
  signal.ring()
  await expect(waiting).resolves.toBe(2)
})

test('says what it waited for', async () => {
  const waiting = waitOn(createSignal(), () => false, { timeoutMs: 5, description: 'a reply' })
  await expect(waiting).rejects.toThrow('waited 5 ms for a reply')
})

test('passes on what the predicate throws', async () => {
  const waiting = waitOn(createSignal(), () => {
    throw new Error('broken')
  })
  await expect(waiting).rejects.toThrow('broken')
})
