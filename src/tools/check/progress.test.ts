import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { createProgress } from './check-bridge.ts'

function written(isTTY: boolean): string {
  const stream = Object.assign(new PassThrough(), { isTTY })
  const progress = createProgress(stream, 2)
  const { onStart, onDone } = progress.of('sales')
  onStart?.({ id: 'a', title: 'Inbox' })
  onDone?.({ id: 'a', title: 'Inbox', findings: [] })
  progress.clear()
  return String(stream.read() ?? '')
}

it('shows what is looked at on one line of a terminal, and takes it away', () => {
  const text = written(true)
  expect(text).toContain('Checking 0/2 sales: Inbox')
  expect(text).toContain('Checking 1/2')
  expect(text).not.toContain('\n')
  expect(text.endsWith('\u001b[2K')).toBe(true)
})

it('is silent elsewhere', () => {
  expect(written(false)).toBe('')
})
