import type { Account } from '../../accounts/account.ts'
import type { OperatorNews } from '../../bridge/operator-news.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { Throttle } from '../../queue/queue.ts'
import type { AlertMemory } from './alert-memory.ts'
import type { OperatorDesk } from './operator-desk.ts'

export const NOW = 1_800_000_000_000
export const MINUTE = 60_000

/** What the watch and its rules work with, in plain maps; for unit tests. */
export function createOperatorBackdrop() {
  let now = NOW
  const posted: OperatorNews[] = []
  const told = new Map<string, number>()
  const allowedUntil = new Map<string, number>()

  const desk: OperatorDesk = {
    post: async (_account, news) => void posted.push(news),
    heard: async (_account, status) => void posted.push({ is: 'heard', status }),
  }
  const memory: AlertMemory = {
    get: async (_account, name) => told.get(name),
    set: async (_account, name, value) => void told.set(name, value),
    forget: async (_account, name) => void told.delete(name),
  }
  const throttle: Throttle = {
    async allow(name, ms) {
      if (now < (allowedUntil.get(name) ?? 0)) return false
      allowedUntil.set(name, now + ms)
      return true
    },
    reset: async (name) => void allowedUntil.delete(name),
  }

  return {
    account: { id: 'sales' as AccountId } as Account,
    desk,
    memory,
    throttle,
    clock: { now: () => now },
    /** What the operators were told since the last time this was asked. */
    news: () => posted.splice(0),
    wait: (ms: number) => {
      now += ms
    },
  }
}
