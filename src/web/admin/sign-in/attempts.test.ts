import { describe, expect, it } from 'vitest'
import { createAttempts } from './attempts.ts'

function setUp() {
  let now = 0
  const attempts = createAttempts({ clock: { now: () => now } })
  const take = (count: number, address = 'a') =>
    Array.from({ length: count }, () => attempts.take(address))
  const ahead = (ms: number) => {
    now += ms
  }
  return { attempts, take, ahead }
}

describe('attempts to sign in', () => {
  it('are ten a minute from one address', () => {
    const { take, ahead } = setUp()
    expect(take(10)).toEqual(Array(10).fill(0))
    ahead(20_000)
    expect(take(2)).toEqual([40_000, 40_000])
    expect(take(1, 'b')).toEqual([0])
    ahead(40_000)
    expect(take(1)).toEqual([0])
  })

  it('are few from all addresses together', () => {
    const { attempts, ahead } = setUp()
    for (let each = 0; each < 60; each += 1) expect(attempts.take(`a${each}`)).toBe(0)
    expect(attempts.take('somebody else')).toBe(60_000)
    ahead(60_000)
    expect(attempts.take('somebody else')).toBe(0)
  })

  it('are forgiven once the token was right', () => {
    const { attempts, take } = setUp()
    take(9)
    attempts.forgive('a')
    expect(take(10)).toEqual(Array(10).fill(0))
  })
})
