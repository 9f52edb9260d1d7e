import type { Account } from '../../account.ts'
import type { ConversationId, MessageId } from '../../ids.ts'
import { createInTurn } from '../../in-turn.ts'
import { storeKey } from '../../store/keys.ts'
import type { OutboundLink, ReportedStatus, Store } from '../../store/types.ts'
import type { Failures } from '../failures/failures.ts'
import type { Journal } from './journal.ts'
import type { OwnUpdates } from './own-updates.ts'
import { isNews, type Report, statusOf } from './report-status.ts'
import { showStatus } from './show-status.ts'

type About = { conversation: ConversationId; message: MessageId }

/** `overtaken`: another process has told something else meanwhile, and nobody knows whose word came last. */
type Told = 'nothing' | 'told' | 'overtaken'

type Telling = {
  parts: readonly OutboundLink[]
  first: OutboundLink
  news: Report
  /** What Chatwoot shows, as far as that is known. */
  shown: ReportedStatus | undefined
}

/**
 * Tells Chatwoot the state of an agent's message, when that is news. Several want to at once: the status lane, the echo
 * in the lane of the customer's messages, the answers of `/info`, and the same in other processes. So within a process
 * a message has its turns, and after each telling it is looked at again: what was learned meanwhile found nothing to tell
 * as long as this one was not noted.
 *
 * `again`: Chatwoot may show less than it was told. It is looked at, and told what is known if so.
 */
export function createReportMessage(deps: {
  journal: Journal
  store: Pick<Store, 'links'>
  failures: Pick<Failures, 'forget'>
  ownUpdates: Pick<OwnUpdates, 'expect'>
}) {
  const { journal, store, failures, ownUpdates } = deps
  const inTurn = createInTurn()

  async function tellNews(account: Account, about: About, last: Told): Promise<Told> {
    const parts = await journal.ofMessage(account.id, about.message)
    const [first] = parts
    if (first === undefined) return 'nothing'
    const news = statusOf(parts, account.texts.failed.notDelivered)
    if (last !== 'overtaken' && !isNews(news, first.reported)) return 'nothing'
    // It may be the failure that came last.
    const shown = last === 'overtaken' ? 'failed' : first.reported
    return tell(account, about, { parts, first, news, shown })
  }

  /** A failure of its own is not told again: nobody but an agent, with Retry, takes that away. */
  async function tellAgain(account: Account, about: About): Promise<Told> {
    const { conversation, message } = about
    const shown = (await account.chatwoot.messages.get(conversation, message))?.status
    const parts = await journal.ofMessage(account.id, message)
    const [first] = parts
    if (first === undefined || shown === undefined) return 'told'
    const news = statusOf(parts, account.texts.failed.notDelivered)
    if (news.status === 'failed' || !isNews(news, shown)) return 'told'
    return tell(account, about, { parts, first, news, shown })
  }

  async function tell(account: Account, about: About, telling: Telling): Promise<Told> {
    const { conversation, message } = about
    const { parts, first, news, shown } = telling
    ownUpdates.expect(account.id, message)
    await showStatus(account, conversation, message, news, shown)
    // What proved to have arrived is no dead letter; what is being sent again may yet become one anew.
    if (shown === 'failed' && parts.every(isUnderway)) await failures.forget(account.id, message)
    return noteTold(first, news.status)
  }

  async function noteTold(first: OutboundLink, status: ReportedStatus): Promise<Told> {
    let found: ReportedStatus | undefined
    const id = storeKey.outboundLink(first.account, first.messageId, first.part)
    await store.links.update(id, (link) => {
      if (link?.direction !== 'out') return undefined
      found = link.reported
      return { ...link, reported: status }
    })
    return found === first.reported || found === status ? 'told' : 'overtaken'
  }

  return (
    account: Account,
    conversation: ConversationId,
    message: MessageId,
    { again = false }: { again?: boolean } = {},
  ): Promise<void> =>
    inTurn(`${account.id}:${message}`, async () => {
      const about = { conversation, message }
      let told: Told = again ? await tellAgain(account, about) : 'told'
      while (told !== 'nothing') told = await tellNews(account, about, told)
    })
}

/** WhatsApp has it. */
function isUnderway({ state }: OutboundLink): boolean {
  return ['accepted', 'linked', 'delivered', 'read'].includes(state)
}
