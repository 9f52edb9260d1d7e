import type { AdminSession } from '../sign-in/admin-session.ts'
import type { Notice } from './layout.ts'

/** What came of a form, kept until the page it leads to is shown. */
export type Notices = {
  leave(adminSession: AdminSession, notice: Notice): void
  take(adminSession: AdminSession): Notice | undefined
}

/** One for each sign-in at most, so that those who never look cost nothing. */
const MOST = 100

export function createNotices(): Notices {
  const waiting = new Map<string, Notice>()
  return {
    leave({ id }, notice) {
      waiting.delete(id)
      waiting.set(id, notice)
      const [oldest] = waiting.keys()
      if (waiting.size > MOST && oldest !== undefined) waiting.delete(oldest)
    },
    take({ id }) {
      const notice = waiting.get(id)
      waiting.delete(id)
      return notice
    },
  }
}
