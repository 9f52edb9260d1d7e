import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createRefTable } from './ref-table.ts'

it('holds what a plain list of pairs would, through growth and removal', () => {
  // Few hashes in few shards, so that chains grow long and removed cells lie in the middle of them.
  const hash = fc.constantFrom(0, 1, 8, 9, 0xffff_ffff, 0xff00_0000, 0x0100_0001, 12_345)
  const step = fc.record({ add: fc.boolean(), hash, ref: fc.nat(40) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const table = createRefTable()
      const pairs = new Set<string>()
      for (const { add, hash, ref } of steps) {
        const pair = `${hash} ${ref}`
        if (add && !pairs.has(pair)) table.add(hash, ref)
        if (!add) table.remove(hash, ref)
        if (add) pairs.add(pair)
        else pairs.delete(pair)
      }
      const found = steps.flatMap(({ hash }) => table.refs(hash).map((ref) => `${hash} ${ref}`))
      expect(new Set(found)).toEqual(pairs)
      for (const { hash } of steps) {
        expect(new Set(table.refs(hash)).size).toBe(table.refs(hash).length)
      }
    }),
  )
})

it('takes a hundred thousand refs and gives each back', () => {
  const table = createRefTable()
  const hashOf = (n: number): number => Math.imul(n, 0x9e37_79b1) >>> 0
  for (let n = 0; n < 100_000; n += 1) table.add(hashOf(n), n)
  for (let n = 0; n < 100_000; n += 2) table.remove(hashOf(n), n)
  for (let n = 0; n < 100_000; n += 1) {
    expect(table.refs(hashOf(n)).includes(n)).toBe(n % 2 === 1)
  }
})

it('stays small however often one ref comes and goes', () => {
  const table = createRefTable()
  const started = performance.now()
  for (let n = 0; n < 200_000; n += 1) {
    table.add(7, n)
    table.remove(7, n)
  }
  expect(table.refs(7)).toEqual([])
  // Removed cells that were never cleared would make every step slower than the one before: minutes.
  expect(performance.now() - started).toBeLessThan(5000)
})
