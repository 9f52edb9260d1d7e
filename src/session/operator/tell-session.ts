import type { Account } from '../../account.ts'
import type { NewsOf } from './operator-news.ts'
import type { OperatorPlace } from './operator-place.ts'
import type { OpenOperatorThread } from './operator-thread.ts'
import { shownCodes } from './qr-plan.ts'

/** States in which a code may be on its way to being scanned. */
const LINKING: ReadonlySet<string> = new Set(['need_scan', 'connecting'])

/**
 * One line about a state the session has come to rest in, unless it is the one that was told last. The first of all says
 * what the conversation is for. A message from the contact, so that agents are notified: nothing goes out meanwhile.
 */
export function createTellSession(deps: {
  place: Pick<OperatorPlace, 'known' | 'told'>
  open: OpenOperatorThread
}) {
  const { place, open } = deps
  return async (account: Account, { status, at }: NewsOf<'session'>): Promise<void> => {
    const before = await place.known(account)
    if (before?.told === status) return
    const { operator } = account.texts
    const line = operator.session[status] ?? operator.unknownSession(status)
    const isFirst = before?.told === undefined
    await open(account, async (thread) => {
      const text = isFirst ? `${operator.purpose}\n\n${line}` : line
      await thread.write({ sourceId: `operator:session:${at}`, text, loudness: 'alert' })
      if (LINKING.has(status)) return
      for (const { id } of shownCodes(thread.latest)) await thread.remove(id)
    })
    await place.told(account, status)
  }
}
