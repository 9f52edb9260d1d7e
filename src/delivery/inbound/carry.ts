import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { Conversations } from '../../identity/conversations.ts'
import { withPhone } from '../../identity/lid-lookup.ts'
import type { OwnIdentity } from '../../identity/own.ts'
import type { People, Who } from '../../identity/people.ts'
import type { Settle } from '../../identity/settle.ts'
import type { ChatId } from '../../ids.ts'
import type { Incoming } from '../../message/incoming.ts'
import { storeKey } from '../../store/keys.ts'
import type { Link, Store } from '../../store/types.ts'
import type { Address } from '../../wasender/jid.ts'
import { isWanted } from '../intake/wanted.ts'
import type { Entry } from '../lanes/lanes.ts'
import type { Disowned } from '../outcome/disowned.ts'
import type { Journal } from '../outcome/journal.ts'
import type { Receipts } from '../outcome/receipts.ts'
import type { Aftermath } from './aftermath.ts'
import { ageOf } from './age.ts'
import { handleChange, removeMessage } from './changes.ts'
import type { Claims } from './claims.ts'
import type { Delivered, Delivery } from './deliver-inbound.ts'
import { asFuller, fullnessOf } from './fuller.ts'
import type { Carried } from './inbound-events.ts'
import type { Later } from './later.ts'
import { whoIs } from './named-draft.ts'
import { settleOwn } from './settle-own.ts'
import { shownAs } from './shown-as.ts'
import type { Tellings } from './tellings.ts'
import type { Twins } from './twins.ts'

/** What became of something from WhatsApp; the `result` label of `bridge_messages_total`. */
export type InboundResult = 'delivered' | 'echo' | 'duplicate' | 'ignored'

/** Besides results: `self` is our chat with ourselves, `held` waits for its message, or it has to be asked again later. */
export type CarryResult = InboundResult | 'self' | 'held' | { waitUntil: number }

export type CarryDeps = {
  people: People
  settle: Settle
  own: OwnIdentity
  journal: Journal
  claims: Claims
  tellings: Tellings
  conversations: Pick<Conversations, 'get'>
  store: Store
  clock: Clock
  twins: Twins
  later: Later
  receipts: Receipts
  disowned: Disowned
  deliver: (account: Account, delivery: Delivery) => Promise<Delivered | undefined>
  aftermath: Aftermath
  /** Since when the account is there, ms since 1970. */
  sinceOf: (account: Account) => Promise<number>
}

/** The first entry with an id writes it into Chatwoot, in place of what it replaces; the link is durable then. */
function createDeliverOnce(deps: CarryDeps) {
  const { claims, conversations, store, clock } = deps

  /** Removes the other message, and lets its id lead to `link`. After a repetition it may do so already. */
  async function replace(account: Account, other: Link, link: Link): Promise<void> {
    if (other.messageId === link.messageId || other.keyId === undefined) return
    const { keyId } = other
    await removeMessage(account, other)
    await store.links.put(storeKey.inboundLink(account.id, keyId), { ...link, keyId })
  }

  return async (account: Account, delivery: Omit<Delivery, 'claim'>): Promise<InboundResult> => {
    const { incoming, entry, chat, who } = delivery
    const known = (await conversations.get(account.id, chat))?.conversationId
    const claimant = { account: account.id, keyId: incoming.id, entryId: entry.id }
    const claim = await claims.claim(claimant, entry.triedIn ?? known)
    if (claim.standing === 'taken') return 'duplicate'
    const delivered = await deps.deliver(account, { ...delivery, claim })
    if (delivered === undefined) return 'ignored'
    const link: Link = {
      direction: 'in',
      account: account.id,
      chat,
      conversationId: delivered.conversation,
      messageId: delivered.messageId,
      keyId: incoming.id,
      fromMe: incoming.fromMe,
      shows: fullnessOf(incoming.message.content),
      at: clock.now(),
    }
    if (delivery.replaces !== undefined) await replace(account, delivery.replaces, link)
    await store.links.put(storeKey.inboundLink(account.id, incoming.id), link)
    if (!delivery.age.isHistory) {
      const { receivedAt } = entry
      const isNew = known === undefined
      await deps.aftermath.of(account, { incoming, who, chat, isNew, receivedAt })
    }
    return 'delivered'
  }
}

/**
 * Brings one thing from WhatsApp into Chatwoot: is it wanted, known already, an echo of our own? Whose chat is it? Then one
 * POST, and the link between both ids made durable.
 */
export function createCarry(deps: CarryDeps) {
  const { people, own, journal } = deps
  const deliverOnce = createDeliverOnce(deps)

  /** What need not be looked at any further. */
  async function screen(account: Account, incoming: Incoming): Promise<CarryResult | undefined> {
    if (!isWanted(account, incoming.who.address)) return 'ignored'
    if (await own.isOwnChat(account, incoming.who)) return 'self'
    const known = await journal.byKeyId(account.id, incoming.id)
    return known?.direction === 'in' ? 'duplicate' : undefined
  }

  /** Whose chat it is, by all addresses that are certain; `self` when only a look-up has told that it is ours. */
  async function whose(
    account: Account,
    { who, key }: Incoming,
    attempts: number,
  ): Promise<Who | 'self'> {
    const told = await withAlternative(own, account, who, key?.alternative)
    const found = await withPhone(account, people, told, attempts)
    const { lid } = await own.of(account)
    const known = own.without(account.id, found)
    return lid === undefined && known.phone !== found.phone ? 'self' : known
  }

  async function place(
    account: Account,
    entry: Entry,
    incoming: Incoming,
    replaces?: Link,
  ): Promise<CarryResult> {
    const who = await whose(account, incoming, entry.attempts)
    if (who === 'self') return 'self'
    const chat = await deps.settle(account, who)
    const mayBeEcho = incoming.fromMe && incoming.standsFor === undefined
    const settled = mayBeEcho
      ? await settleOwn(account, { entry, incoming, chat }, deps)
      : undefined
    if (settled !== undefined) return settled
    const age = await ageOf(deps, account, incoming)
    const shown = shownAs(account, incoming, age)
    if (shown === undefined) return 'ignored'
    const swapped = swapOf(replaces, chat, who)
    if (swapped === 'duplicate') return swapped
    return deliverOnce(account, { incoming, shown, age, entry, chat, who, replaces: swapped })
  }

  /** Of the same file in two messages one is shown. */
  async function placeOne(account: Account, entry: Entry, carried: Carried): Promise<CarryResult> {
    const decided = await deps.twins.decide(account, entry, carried)
    if (decided.show === undefined) return decided.result
    return place(account, entry, decided.show, decided.replaces)
  }

  return async (account: Account, entry: Entry, carried: Carried): Promise<CarryResult> => {
    const told = await deps.tellings.known(account, carried.incoming, entry.receivedAt)
    const incoming = await asFuller(journal, account, told)
    return (
      (await screen(account, incoming)) ??
      (await handleChange(account, entry, { ...carried, incoming }, deps)) ??
      (await placeOne(account, entry, { ...carried, incoming }))
    )
  }
}

/** What is replaced, if it is of this chat. In a group somebody else may have written it, and theirs is left alone. */
function swapOf(
  replaces: Link | undefined,
  chat: ChatId,
  who: Who,
): Link | 'duplicate' | undefined {
  if (replaces?.chat !== chat) return undefined
  return who.address.kind === 'group' ? 'duplicate' : replaces
}

/** With the other address that came in a key of our own, once it is known not to be ours. */
async function withAlternative(
  own: OwnIdentity,
  account: Account,
  given: Who,
  alternative: Address | undefined,
): Promise<Who> {
  await own.of(account)
  const who = own.without(account.id, given)
  if (alternative === undefined || !(await own.isSomebodyElses(account, alternative))) return who
  return { ...who, ...whoIs(alternative), address: who.address }
}
