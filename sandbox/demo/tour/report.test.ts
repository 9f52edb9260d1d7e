import { expect, it } from 'vitest'
import { tourReport } from './report.ts'

const [columns, name] = [60, 'a customer writes to somebody who never wrote before and is answered']

it('leaves room for what stands beside the names of the steps', () => {
  const results = [{ name, direction: 'both ways', result: 'skipped', ms: 123_456 }] as const
  const narrowed = (text: string, beside: number) =>
    (text.match(new RegExp(`.{1,${columns - beside}}`, 'g')) ?? []).join('\n')
  const lines = tourReport(results, false, narrowed).split('\n')
  const table = lines.filter((line) => /^[│┌├└]/.test(line))
  expect(Math.max(...table.map(({ length }) => length))).toBe(columns)
})
