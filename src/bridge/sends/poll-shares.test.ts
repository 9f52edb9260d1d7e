import { describe, expect, it } from 'vitest'
import { type AccountId, asId } from '../../kernel/ids.ts'
import { createPollShares } from './ask-info.ts'

const SALES = asId<AccountId>('sales')
const SUPPORT = asId<AccountId>('support')

async function entered(turn: Promise<(() => void) | 'full'>): Promise<() => void> {
  const leave = await turn
  if (leave === 'full') throw new Error('There is no room')
  return leave
}

describe('the shares of the accounts', () => {
  it('hands a turn on in the order of asking', async () => {
    const shares = createPollShares({ asking: 1, waiting: 2 })
    const order: number[] = []
    const leave = await entered(shares.enter(SALES))
    const others = [1, 2].map(async (n) => {
      const done = await entered(shares.enter(SALES))
      order.push(n)
      done()
    })
    expect(order).toEqual([])
    leave()
    await Promise.all(others)
    expect(order).toEqual([1, 2])
    await entered(shares.enter(SALES))
  })

  it('sends away whoever finds too many waiting, and nobody of another account', async () => {
    const shares = createPollShares({ asking: 1, waiting: 1 })
    await entered(shares.enter(SALES))
    const waiting = shares.enter(SALES)
    expect(await shares.enter(SALES)).toBe('full')
    await entered(shares.enter(SUPPORT))
    shares.close()
    expect(await waiting).toBe('full')
    expect(await shares.enter(SUPPORT)).toBe('full')
  })

  it('never has more under way than its share', async () => {
    const shares = createPollShares({ asking: 3, waiting: 100 })
    let asking = 0
    let most = 0
    const all = Array.from({ length: 50 }, async () => {
      const leave = await entered(shares.enter(SALES))
      asking += 1
      most = Math.max(most, asking)
      await Promise.resolve()
      asking -= 1
      leave()
    })
    await Promise.all(all)
    expect(most).toBe(3)
  })
})
