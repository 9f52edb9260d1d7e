import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { circlesIn, importsIn, problemsIn, readImports } from './floors.ts'

describe('the floors', () => {
  it('hold: nothing imports from above, and nothing in a circle', async () => {
    const imports = await readImports(join(import.meta.dirname, '../../src'))
    expect(imports.size).toBeGreaterThan(300)
    expect(problemsIn(imports)).toEqual([])
  })

  it('find an import from above, from outside and from nowhere', () => {
    const imports = new Map([
      ['kernel/a.ts', ['queue/b.ts']],
      ['queue/b.ts', ['kernel/a.ts', '../sandbox/c.ts']],
      ['cli/demo.ts', ['../sandbox/c.ts']],
      ['bridge/d.ts', ['elsewhere/e.ts']],
      ['elsewhere/e.ts', ['kernel/a.ts']],
    ])
    expect(problemsIn(imports)).toEqual([
      'kernel/a.ts imports from above: queue/b.ts',
      'queue/b.ts imports ../sandbox/c.ts, which is outside of src',
      'elsewhere/e.ts is on no floor',
      'elsewhere/e.ts is on no floor',
      'in a circle: kernel/a.ts, queue/b.ts',
    ])
  })

  it('know circles of any length, and no others', () => {
    const imports = new Map([
      ['a', ['b', 'd']],
      ['b', ['c']],
      ['c', ['a', 'd']],
      ['d', ['e']],
      ['e', []],
      ['f', ['g']],
      ['g', ['f', 'a']],
    ])
    expect(circlesIn(imports)).toEqual([
      ['a', 'b', 'c'],
      ['f', 'g'],
    ])
  })

  it('see imports of every form', () => {
    const text = `import type { A } from './a.ts'
import {
  b,
} from '../b.ts'
import './c.ts'
import { z } from 'zod'
export { d } from './d.ts'
const e = await import('./e.ts')
`
    expect(importsIn(text)).toEqual(['./a.ts', '../b.ts', './c.ts', './d.ts', './e.ts'])
  })
})
