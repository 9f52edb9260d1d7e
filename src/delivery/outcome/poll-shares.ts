import type { AccountId } from '../../ids.ts'

/** How many questions each account may have under way, so that none waits for another one's gateway. */
export type PollShares = {
  /**
   * Resolves when it is the account's turn, with what ends it; `full` at once when too many of the account wait already,
   * or after the end.
   */
  enter(account: AccountId): Promise<(() => void) | 'full'>
  /** Lets nobody wait any longer. */
  close(): void
}

type Share = { asking: number; waiting: ((turn: 'mine' | 'full') => void)[] }

export function createPollShares(options: { asking: number; waiting: number }): PollShares {
  const shares = new Map<AccountId, Share>()
  let isClosed = false

  function shareOf(account: AccountId): Share {
    const share = shares.get(account) ?? { asking: 0, waiting: [] }
    shares.set(account, share)
    return share
  }

  function leaving(share: Share): () => void {
    return () => {
      const next = share.waiting.shift()
      // Whoever is next takes the turn over.
      if (next === undefined) share.asking -= 1
      else next('mine')
    }
  }

  return {
    async enter(account) {
      const share = shareOf(account)
      if (isClosed) return 'full'
      if (share.asking < options.asking) {
        share.asking += 1
        return leaving(share)
      }
      if (share.waiting.length >= options.waiting) return 'full'
      const turn = await new Promise<'mine' | 'full'>((go) => share.waiting.push(go))
      return turn === 'mine' ? leaving(share) : turn
    },
    close() {
      isClosed = true
      for (const { waiting } of shares.values()) {
        for (const go of waiting.splice(0)) go('full')
      }
    },
  }
}
