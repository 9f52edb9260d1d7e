import { describe, expect, it } from 'vitest'
import { judgeSkew } from './clock-skew.ts'
import { createClockWatch } from './clock-watch.ts'

describe('createClockWatch', () => {
  const at = (now: number, date: string | null) => {
    const headers = date === null ? {} : { date }
    return createClockWatch({ now: () => now }, async () => new Response('', { headers }))
  }

  it('measures by the Date header, halfway through its second', async () => {
    const watch = at(Date.UTC(2026, 0, 1, 0, 10, 0, 500), 'Thu, 01 Jan 2026 00:00:00 GMT')
    expect(watch.aheadMs()).toBeUndefined()
    await watch.fetch('http://x.example')
    expect(watch.aheadMs()).toBe(600_000)
  })

  it.each([null, 'nonsense'])('knows nothing by the header %j', async (date) => {
    const watch = at(0, date)
    await watch.fetch('http://x.example')
    expect(watch.aheadMs()).toBeUndefined()
  })
})

describe('judgeSkew', () => {
  it.each([
    [{ wasender: 0, chatwoot: 0 }, 'ok', 'agrees'],
    [{ wasender: undefined, chatwoot: 59_000 }, 'ok', 'agrees'],
    [{ wasender: undefined, chatwoot: undefined }, 'skipped', 'neither'],
    [{ wasender: -61_000, chatwoot: undefined }, 'warning', '61 s behind WasenderAPI'],
    [{ wasender: 61_000, chatwoot: 61_000 }, 'warning', '61 s ahead of Chatwoot'],
    [{ wasender: 300_000, chatwoot: 300_000 }, 'failed', '5 min ahead of'],
    [{ wasender: 0, chatwoot: -3_600_000 }, 'failed', '60 min behind'],
  ])('%j is %s', (skews, level, words) => {
    expect(judgeSkew(skews)).toMatchObject({ level, found: expect.stringContaining(words) })
  })

  it('finds out whose clock it is by the other platform', () => {
    const ours = { mend: expect.stringContaining('of this machine') }
    const theirs = { mend: expect.stringContaining('Chatwoot server') }
    expect(judgeSkew({ wasender: 400_000, chatwoot: 400_000 })).toMatchObject(ours)
    expect(judgeSkew({ wasender: undefined, chatwoot: 400_000 })).toMatchObject(ours)
    expect(judgeSkew({ wasender: 0, chatwoot: 400_000 })).toMatchObject(theirs)
  })
})
