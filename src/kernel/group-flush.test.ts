import { expect, it } from 'vitest'
import { createGroupFlush } from './async.ts'

/** A write that ends when told to. */
function controlled() {
  const started: PromiseWithResolvers<void>[] = []
  const flush = createGroupFlush(() => {
    const write = Promise.withResolvers<void>()
    started.push(write)
    return write.promise
  })
  return { flush, started }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('writes once for all who asked while a write was under way', async () => {
  const { flush, started } = controlled()
  const first = flush.request()
  await turn()
  const rest = Array.from({ length: 1000 }, () => flush.request())
  await turn()
  expect(started).toHaveLength(1)

  started[0]?.resolve()
  await first
  await turn()
  expect(started).toHaveLength(2)
  started[1]?.resolve()
  await Promise.all(rest)
  expect(started).toHaveLength(2)
})

it('does not resolve a request by a write that began before it', async () => {
  const { flush, started } = controlled()
  const first = flush.request()
  await turn()
  let done = false
  const second = flush.request().then(() => {
    done = true
  })
  started[0]?.resolve()
  await first
  await turn()
  expect(done).toBe(false)
  started[1]?.resolve()
  await second
})

it('rejects those who waited for a failed write, and only those', async () => {
  const { flush, started } = controlled()
  const first = flush.request()
  await turn()
  const second = flush.request()
  started[0]?.reject(new Error('full'))
  await expect(first).rejects.toThrow('full')
  await turn()
  started[1]?.resolve()
  await expect(second).resolves.toBeUndefined()
})
