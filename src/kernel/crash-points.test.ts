import { describe, expect, it } from 'vitest'
import { CRASH_POINTS, createCrashPoints } from './crash-points.ts'

/** A part with its steps, and how far it came before each crash. */
function setUp(env: Record<string, string>) {
  const done: string[] = []
  const crashes: string[][] = []
  const withCrashPoints = createCrashPoints({ env, crash: () => crashes.push([...done]) })
  const claims = {
    async claim(id: string) {
      done.push(id)
      return `claimed ${id}`
    },
    async move() {},
  }
  return { withCrashPoints, claims, crashes }
}

describe('a crash point', () => {
  it.each([
    ['before', []],
    ['after', ['a']],
  ])('%s a step ends the process there', async (when, expected) => {
    const env = { NODE_ENV: 'test', BRIDGE_CRASH_AT: `claims.claim.${when}` }
    const { withCrashPoints, claims, crashes } = setUp(env)
    expect(await withCrashPoints('claims', claims).claim('a')).toBe('claimed a')
    expect(crashes).toEqual([expected])
  })

  it('waits for its turn', async () => {
    const env = { NODE_ENV: 'test', BRIDGE_CRASH_AT: 'claims.claim.after:2' }
    const { withCrashPoints, claims, crashes } = setUp(env)
    const stopping = withCrashPoints('claims', claims)
    for (const id of ['a', 'b', 'c']) await stopping.claim(id)
    expect(crashes).toEqual([['a', 'b']])
  })

  it.each([
    [{ NODE_ENV: 'production', BRIDGE_CRASH_AT: 'claims.claim.after' }],
    [{ BRIDGE_CRASH_AT: 'claims.claim.after' }],
    [{ NODE_ENV: 'test' }],
    [{ NODE_ENV: 'test', BRIDGE_CRASH_AT: 'lanes.append.after' }],
  ])('leaves a part alone: %o', (env) => {
    const { withCrashPoints, claims } = setUp(env)
    expect(withCrashPoints('claims', claims)).toBe(claims)
  })

  it('has to exist', () => {
    expect(() => setUp({ NODE_ENV: 'test', BRIDGE_CRASH_AT: 'claims.nothing' })).toThrow(
      'no crash point',
    )
    expect(new Set(CRASH_POINTS).size).toBe(CRASH_POINTS.length)
  })
})
