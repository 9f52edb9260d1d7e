import type { Account } from '../../account.ts'
import type { Message } from '../../chatwoot/shapes/message.ts'
import type { OutboundLink } from '../../store/types.ts'
import type { OutEvent } from '../events.ts'
import type { Journal } from './journal.ts'
import type { OwnUpdates } from './own-updates.ts'
import type { RequestReport } from './report-requests.ts'

/** Has what is known of a message told again when its event shows, or may hide, that Chatwoot shows less. */
export async function correctShown(
  deps: {
    journal: Pick<Journal, 'ofMessage'>
    ownUpdates: Pick<OwnUpdates, 'take'>
    report: RequestReport
  },
  account: Account,
  event: OutEvent,
): Promise<void> {
  const isOwn = event.action !== 'updated' || deps.ownUpdates.take(account.id, event.id)
  const known = await deps.journal.ofMessage(account.id, event.id)
  const [first] = known
  const isLess = (await mayShowLess(account, event, known)) ?? !isOwn
  if (first !== undefined && isLess) await deps.report(account, first.chat, event, { again: true })
}

/**
 * Whether Chatwoot may show less of a message than is known; `undefined` when an event does not say, as most do not.
 * Chatwoot marks as failed whatever it could not tell the bridge of in time
 * (docs/platforms/chatwoot.md#failed-callbacks), and a Retry of what has arrived takes the ticks away. An event can be
 * old, so this is only a hint: whoever corrects it looks at the message.
 */
export async function mayShowLess(
  account: Pick<Account, 'inbox'>,
  { status, contentAttributes }: Pick<Message, 'status' | 'contentAttributes'>,
  known: readonly OutboundLink[],
): Promise<boolean | undefined> {
  const [first] = known
  // What has failed is not doubted, whatever is shown as its reason.
  if (first === undefined || known.some(({ state }) => state === 'failed')) return false
  const { external_error: error } = contentAttributes
  if (status === 'failed' || (typeof error === 'string' && error.trim() !== '')) return true
  if (!(await hasTicks(account, first))) return false
  return status === undefined ? undefined : status === 'sent'
}

/** There is more to be shown than that it was sent. */
async function hasTicks({ inbox }: Pick<Account, 'inbox'>, { reported }: OutboundLink) {
  if (reported === 'read') return true
  return reported === 'delivered' && inbox.supports('deliveredStatus')
}
