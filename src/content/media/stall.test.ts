import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { TransientError } from '../../kernel/errors.ts'
import { untilStalled } from './download.ts'

const options = {
  stallMs: 40,
  onStall: () => new TransientError('silent', { code: 'test.silent' }),
  onError: (cause: unknown) => new TransientError('broken', { code: 'test.broken', cause }),
}

it('does not count the time the reader takes for itself', async () => {
  const seen: string[] = []
  const source = Readable.from([Buffer.from('a'), Buffer.from('b')])
  for await (const chunk of untilStalled(source, options)) {
    seen.push(Buffer.from(chunk).toString())
    // What is measured here is time itself.
    await sleep(80)
  }
  expect(seen).toEqual(['a', 'b'])
})

it('names what broke', async () => {
  const cause = new Error('disk')
  const source = new Readable({ read: () => void source.destroy(cause) })
  const reading = untilStalled(source, options).next()
  await expect(reading).rejects.toMatchObject({ code: 'test.broken', cause })
})

it('closes its source when the reader leaves early', async () => {
  const source = Readable.from([Buffer.from('a'), Buffer.from('b')])
  for await (const _chunk of untilStalled(source, options)) break
  expect(source.destroyed).toBe(true)
})
