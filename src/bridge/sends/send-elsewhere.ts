import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { OtherAddresses } from '../../people/other-addresses.ts'
import { isDeleted } from '../../platforms/chatwoot/events.ts'
import type { Dispatch } from '../../queue/queue.ts'
import { storeKey } from '../../state/store/keys.ts'
import type { OutboundLink, Refusal, Store } from '../../state/store/types.ts'
import { listedEvent } from '../catch-up/page.ts'
import type { OutEvent } from '../events.ts'
import type { OutLane } from '../intake/out-lane.ts'
import type { Journal } from './journal.ts'

/**
 * Has a message sent to another address of the person, of which is told only now that WhatsApp has not taken it: false
 * when there is none, so that it has failed. Each address is tried once.
 */
export type SendElsewhere = (
  account: Account,
  link: OutboundLink,
  refused: { why: Refusal['why']; reason: string },
) => Promise<boolean>

/** Longer than it takes to write down what follows. */
const SOON_MS = 1_000

export function createSendElsewhere(deps: {
  journal: Journal
  store: Pick<Store, 'links'>
  otherAddresses: OtherAddresses
  outLane: OutLane
  dispatch: Dispatch
  clock: Clock
}): SendElsewhere {
  const { journal, store, otherAddresses, clock } = deps

  async function refusalOf(account: Account, link: OutboundLink, why: Refusal['why']) {
    const { to, chat, refusals = [], deletedBy } = link
    const isUnderway = ['accepted', 'linked'].includes(link.state) || link.inDoubt === true
    if (to === undefined || deletedBy !== undefined || !isUnderway) return undefined
    const refusal = { to, why }
    const next = await otherAddresses.next(account, chat, [...refusals, refusal], Infinity)
    return next === undefined ? undefined : refusal
  }

  /** What its webhook brought, from Chatwoot: the journal knows no texts. */
  async function eventOf(account: Account, link: OutboundLink): Promise<OutEvent | undefined> {
    const { conversationId, messageId } = link
    const message = await account.chatwoot.messages.get(conversationId, messageId)
    if (message === undefined || isDeleted(message)) return undefined
    const conversation = await account.chatwoot.conversations.get(conversationId)
    return listedEvent({ account, conversation }, message, 'created')
  }

  /** The WhatsApp id of the refused one: whatever is told of it once more is no news, and no message from the phone. */
  async function keepKey({ account, chat, conversationId, messageId, keyId }: OutboundLink) {
    if (keyId === undefined) return
    await store.links.put(storeKey.inboundLink(account, keyId), {
      ...{ direction: 'in', account, chat, conversationId, messageId, keyId },
      fromMe: true,
      at: clock.now(),
    })
  }

  return async (account, link, { why, reason }) => {
    const refusal = await refusalOf(account, link, why)
    const event = refusal === undefined ? undefined : await eventOf(account, link)
    if (refusal === undefined || event === undefined) return false
    const lane = await deps.outLane(account.id, event.conversation)
    const entry = { lane, order: event.id, receivedAt: clock.now(), event }
    // First, so that a crash before the journal has it loses nothing; it finds nothing to do when it comes second.
    await deps.dispatch.post([{ ...entry, delayMs: SOON_MS }])
    await keepKey(link)
    await journal.note(link, { kind: 'refused', refusal, reason })
    await deps.dispatch.post([entry])
    return true
  }
}
