import { expect, it, vi } from 'vitest'
import { createClosing } from './closing.ts'
import { createLogger } from './log.ts'

const log = createLogger({ level: 'silent' })
const never = () => new Promise<void>(() => {})

it('closes in the opposite order, one after the other', async () => {
  const closing = createClosing(log)
  const events: string[] = []
  for (const name of ['first', 'second']) {
    closing.add(name, 10_000, async () => {
      events.push(`${name} begins`)
      await Promise.resolve()
      events.push(`${name} ends`)
    })
  }
  await closing.close()
  expect(events).toEqual(['second begins', 'second ends', 'first begins', 'first ends'])
  await closing.close()
  expect(events).toHaveLength(4)
})

it('leaves what hangs, and goes on after what fails', async () => {
  const [warn, error] = [vi.spyOn(log, 'warn'), vi.spyOn(log, 'error')]
  const closing = createClosing(log)
  const last = vi.fn(async () => {})
  closing.add('last', 10_000, last)
  closing.add('fails', 10_000, async () => {
    throw new Error('broken')
  })
  closing.add('throws', 10_000, () => {
    throw new Error('broken')
  })
  closing.add('hangs', 20, never)
  await closing.close()
  expect(last).toHaveBeenCalledOnce()
  expect(warn.mock.calls.map(([facts]) => facts)).toEqual([{ part: 'hangs' }])
  expect(error).toHaveBeenCalledTimes(2)
})

it('gives what comes later the time that is left, and a chance even if there is none', async () => {
  const closing = createClosing(log)
  const last = vi.fn(never)
  closing.add('last', 30, last)
  closing.add('hangs', 30, never)
  await closing.close()
  expect(last).toHaveBeenCalledOnce()
})
