import { describe, expect, it, vi } from 'vitest'
import { OperatorNeededError, PermanentError, TransientError } from '../../kernel/errors.ts'
import { createPlatformLooks } from './platform-looks.ts'
import { connected, sales } from './testing/fake-admin.ts'

function setUp(state: () => Promise<typeof connected> = async () => connected) {
  let now = 1_000
  let changedAt = 0
  const asked = vi.fn(state)
  const looks = createPlatformLooks({
    sessions: { state: asked },
    sessionChangedAt: () => changedAt,
    clock: { now: () => now },
  })
  const ahead = (ms: number) => {
    now += ms
  }
  const change = () => {
    changedAt = now
  }
  return { looks, asked, ahead, change }
}

describe('a look at a session', () => {
  it('asks the gateway once for all who look within moments', async () => {
    const { looks, asked, ahead } = setUp()
    await Promise.all([looks.session(sales), looks.session(sales)])
    ahead(9_999)
    expect(await looks.session(sales)).toEqual(connected)
    expect(asked).toHaveBeenCalledTimes(1)
    ahead(1)
    await looks.session(sales)
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it('asks anew when the session has told that it changed, or an admin changed it', async () => {
    const { looks, asked, ahead, change } = setUp()
    await looks.session(sales)
    ahead(5)
    change()
    ahead(5)
    await looks.session(sales)
    expect(asked).toHaveBeenCalledTimes(2)
    looks.forget(sales)
    await looks.session(sales)
    expect(asked).toHaveBeenCalledTimes(3)
  })

  it('tells why there is no answer, and asks again soon', async () => {
    const { looks, asked, ahead } = setUp(async () => {
      throw new TransientError('The gateway is away.', { code: 'wasender.unreachable' })
    })
    expect(await looks.session(sales)).toEqual({
      problem: 'The gateway is away.',
      kind: 'no-answer',
    })
    ahead(5_000)
    await looks.session(sales)
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it.each([OperatorNeededError, PermanentError])(
    'tells a refusal from silence: %o',
    async (Refusal) => {
      const { looks } = setUp(async () => {
        throw new Refusal('The key is wrong.', { code: 'wasender.refused' })
      })
      expect(await looks.session(sales)).toEqual({ problem: 'The key is wrong.', kind: 'refused' })
    },
  )

  it('hides no surprise, and remembers none', async () => {
    const { looks, asked } = setUp(async () => {
      throw new TypeError('odd')
    })
    await expect(looks.session(sales)).rejects.toThrow('odd')
    await expect(looks.session(sales)).rejects.toThrow('odd')
    expect(asked).toHaveBeenCalledTimes(2)
  })
})
