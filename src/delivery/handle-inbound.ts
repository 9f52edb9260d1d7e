import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Conversations } from '../identity/conversations.ts'
import { withPhone } from '../identity/lid-lookup.ts'
import type { People } from '../identity/people.ts'
import type { CanonicalMessage } from '../message/canonical.ts'
import { convertMessage } from '../message/inbound/convert.ts'
import { storeKey } from '../store/keys.ts'
import type { Store } from '../store/types.ts'
import { chatAddresses } from '../wasender/events/key.ts'
import type { Claims } from './claims.ts'
import { createDeliverInbound, type Delivery } from './deliver-inbound.ts'
import type { InEvent } from './events.ts'
import type { Journal } from './journal.ts'
import type { Entry } from './lanes.ts'
import type { Receipts } from './receipts.ts'
import { createSettleOwn } from './settle-own.ts'
import type { Handled } from './turn.ts'
import { isWanted } from './wanted.ts'

/** What became of a WhatsApp message; the `result` label of `bridge_messages_total`. */
export type InboundResult = 'delivered' | 'echo' | 'duplicate' | 'ignored'

export type InboundDeps = {
  people: People
  conversations: Conversations
  journal: Journal
  claims: Claims
  receipts: Receipts
  store: Store
  clock: Clock
  onResult: (account: Account, kind: string, result: InboundResult) => void
}

/**
 * Brings one WhatsApp message into Chatwoot: is it wanted, known already, an echo of our own? Whose chat is it? Then
 * one POST, and the link between both ids made durable.
 */
export function createHandleInbound(deps: InboundDeps) {
  const { people, journal, claims, store, clock } = deps
  const deliver = createDeliverInbound(deps)
  const settleOwn = createSettleOwn(deps)

  async function deliverOnce(
    account: Account,
    entry: Entry,
    delivery: Omit<Delivery, 'again'>,
  ): Promise<InboundResult> {
    const { key } = delivery.event
    const claim = await claims.claim(account.id, key.id, entry.id)
    if (claim === 'taken') return 'duplicate'
    const delivered = await deliver(account, { ...delivery, again: claim === 'again' })
    await store.links.put(storeKey.inboundLink(account.id, key.id), {
      direction: 'in',
      account: account.id,
      chat: delivery.chat,
      conversationId: delivered.open.conversationId,
      messageId: delivered.messageId,
      keyId: key.id,
      fromMe: key.fromMe,
      at: clock.now(),
    })
    return 'delivered'
  }

  async function carry(
    account: Account,
    entry: Entry,
    event: InEvent,
    message: CanonicalMessage,
  ): Promise<InboundResult | { waitUntil: number }> {
    const known = await journal.byKeyId(account.id, event.key.id)
    if (known?.direction === 'in') return 'duplicate'
    const who = await withPhone(account, people, chatAddresses(event.key), entry.attempts)
    const chat = await people.resolve(account.id, who)
    const own = event.key.fromMe
      ? await settleOwn(account, { entry, event, chat, message })
      : undefined
    return own ?? deliverOnce(account, entry, { event, message, chat, who })
  }

  return async (account: Account, entry: Entry, event: InEvent): Promise<Handled> => {
    const converted = isWanted(account, event.key)
      ? convertMessage(event)
      : { ignore: 'unwanted' as const }
    if ('ignore' in converted) {
      deps.onResult(account, converted.ignore, 'ignored')
      return 'done'
    }
    const result = await carry(account, entry, event, converted.carry)
    if (typeof result === 'object') return result
    deps.onResult(account, converted.carry.content.kind, result)
    return 'done'
  }
}
