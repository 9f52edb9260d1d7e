import { describe, expect, it } from 'vitest'
import { TransientError } from '../../kernel/errors.ts'
import { type Check, failed, ok, skipped, warning } from './check.ts'
import { accountChecks, BRIDGE_CHECKS } from './checks.ts'
import { runChecks } from './run-checks.ts'

const check = (id: string, run: Check<null>['run'], needs: string[] = []): Check<null> => ({
  id,
  title: id.toUpperCase(),
  needs,
  run,
})
const run = (checks: Check<null>[], timeoutMs = 5000) => runChecks(checks, null, { timeoutMs })

describe('runChecks', () => {
  it('skips what needs a failed one, also over another', async () => {
    const results = await run([
      check('a', () => [ok('x'), failed('a.1', 'x', 'y')]),
      check('b', () => [ok('never')], ['a']),
      check('c', () => [ok('never')], ['b']),
    ])
    expect(results.slice(1).map(({ findings }) => findings)).toEqual([
      [skipped('"A" failed')],
      [skipped('"A" failed')],
    ])
  })

  it('hands on why one was skipped, but goes on behind a warning', async () => {
    const results = await run([
      check('a', () => [skipped('there is none')]),
      check('b', () => [ok('never')], ['a']),
      check('c', () => [warning('c.1', 'x', 'y')]),
      check('d', () => [ok('seen')], ['c']),
    ])
    expect(results[1]?.findings).toEqual([skipped('there is none')])
    expect(results[3]?.findings).toEqual([ok('seen')])
  })

  it('does not wait for one that hangs', async () => {
    const [hanging, other] = await run(
      [check('a', () => new Promise(() => undefined)), check('b', () => [ok('fine')])],
      20,
    )
    expect(hanging?.findings).toEqual([expect.objectContaining({ id: 'a.timeout' })])
    expect(other?.findings).toEqual([ok('fine')])
  })

  it('tells the words of an error of our own and not those of others', async () => {
    const [ours, others] = await run([
      check('a', () => {
        throw new TransientError('Try later.', { code: 'x.later' })
      }),
      check('b', () => {
        throw new Error('planted-secret')
      }),
    ])
    expect(ours?.findings).toEqual([
      expect.objectContaining({ id: 'x.later', found: expect.stringContaining('Try later.') }),
    ])
    expect(JSON.stringify(others)).not.toContain('planted-secret')
    expect(others?.findings).toEqual([expect.objectContaining({ id: 'b.unexpected' })])
  })

  it('keeps the order of the table and tells of each start and end', async () => {
    const seen: string[] = []
    const results = await runChecks(
      [
        check('slow', async () => {
          await new Promise((resolve) => setImmediate(resolve))
          return [ok('x')]
        }),
        check('fast', () => [ok('x')]),
      ],
      null,
      {
        timeoutMs: 5000,
        onStart: ({ id }) => seen.push(`${id} starts`),
        onDone: ({ id }) => seen.push(`${id} ends`),
      },
    )
    expect(results.map(({ id }) => id)).toEqual(['slow', 'fast'])
    expect(seen).toEqual(['slow starts', 'fast starts', 'fast ends', 'slow ends'])
  })
})

describe.each([
  ['BRIDGE_CHECKS', BRIDGE_CHECKS],
  ['accountChecks', accountChecks({ resync: true })],
])('%s', (_name, checks: readonly { id: string; needs?: readonly string[] }[]) => {
  it('have ids of their own and need only what stands before them', () => {
    const before = new Set<string>()
    for (const { id, needs = [] } of checks) {
      expect(before.has(id)).toBe(false)
      for (const need of needs) expect(before, `${id} needs ${need}`).toContain(need)
      before.add(id)
    }
  })
})
