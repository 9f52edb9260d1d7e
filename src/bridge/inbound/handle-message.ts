import type { Account } from '../../accounts/account.ts'
import type { Content } from '../../content/message/canonical.ts'
import type { Incoming } from '../../content/message/incoming.ts'
import type { Clock } from '../../kernel/clock.ts'
import { asId, type ChatId, type KeyId } from '../../kernel/ids.ts'
import type { Conversations } from '../../people/conversations.ts'
import { withPhone } from '../../people/open-lids.ts'
import type { OwnIdentity } from '../../people/own.ts'
import type { People } from '../../people/people.ts'
import type { ResolveChat } from '../../people/resolve-chat.ts'
import { isNotFound } from '../../platforms/chatwoot/client.ts'
import type { Address, Who } from '../../platforms/wasender/jid.ts'
import type { Entry } from '../../queue/entry.ts'
import { learning } from '../../queue/wait-until.ts'
import { storeKey } from '../../state/store/keys.ts'
import type { InboundLink, Link, Store } from '../../state/store/types.ts'
import { isWanted } from '../intake/route.ts'
import type { MistakenEchoes } from '../sends/echoes.ts'
import type { Journal } from '../sends/journal.ts'
import type { Receipts } from '../sends/receipts.ts'
import type { AfterPost } from './after-post.ts'
import type { Dedupe } from './dedupe.ts'
import type { Deferred } from './deferred.ts'
import type { Delivered, Delivery } from './deliver-inbound.ts'
import type { Carried } from './inbound-events.ts'
import { whoIs } from './known-names.ts'
import { matchEcho } from './match-echo.ts'
import { ageOf, messageType } from './message-type.ts'
import { isAskedChange, type Tellings } from './tellings.ts'
import type { Twins } from './twins.ts'
import { undecryptedId } from './undecrypted.ts'

/** What became of something from WhatsApp; the `result` label of `bridge_messages_total`. */
export type InboundResult = 'delivered' | 'echo' | 'duplicate' | 'ignored'

/** Besides results: `self` is our chat with ourselves, `held` was put aside and comes back with its message. */
export type CarryResult = InboundResult | 'self' | 'held'

type HandleMessageDeps = {
  people: People
  resolveChat: ResolveChat
  own: OwnIdentity
  journal: Journal
  dedupe: Dedupe
  tellings: Tellings
  conversations: Pick<Conversations, 'get'>
  store: Store
  clock: Clock
  twins: Twins
  later: Deferred
  receipts: Receipts
  mistakenEchoes: MistakenEchoes
  deliver: (account: Account, delivery: Delivery) => Promise<Delivered | undefined>
  afterPost: AfterPost
  /** Since when the account is there, ms since 1970. */
  sinceOf: (account: Account) => Promise<number>
}

/** The first entry with an id writes it into Chatwoot, in place of what it replaces; the link is durable then. */
function createDeliverOnce(deps: HandleMessageDeps) {
  const { dedupe, conversations, store, clock } = deps

  /** Removes the other message, and lets its id lead to `link`. After a repetition it may do so already. */
  async function replace(account: Account, other: Link, link: Link): Promise<void> {
    if (other.messageId === link.messageId || other.keyId === undefined) return
    const { keyId } = other
    await removeMessage(account, other)
    await store.links.put(storeKey.inboundLink(account.id, keyId), { ...link, keyId })
  }

  async function deliverOnce(
    account: Account,
    delivery: Omit<Delivery, 'claim'>,
  ): Promise<InboundResult> {
    const { incoming, entry, chat } = delivery
    const known = (await conversations.get(account.id, chat))?.conversationId
    const claimant = { account: account.id, keyId: incoming.id, entryId: entry.id }
    const claim = await dedupe.claim(claimant, entry.triedIn ?? known)
    if (claim.standing === 'taken') return 'duplicate'
    const delivered = await deps.deliver(account, { ...delivery, claim })
    if (delivered === undefined) return 'ignored'
    const learned = { triedIn: delivered.conversation }
    await learning(learned, () => afterDelivery(account, delivery, delivered, known === undefined))
    return 'delivered'
  }

  async function afterDelivery(
    account: Account,
    delivery: Omit<Delivery, 'claim'>,
    delivered: Delivered,
    isNew: boolean,
  ): Promise<void> {
    const { incoming, entry, chat, who } = delivery
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
      await deps.afterPost.of(account, { incoming, who, chat, isNew, receivedAt })
    }
  }

  return deliverOnce
}

/**
 * Brings one thing from WhatsApp into Chatwoot: is it wanted, known already, an echo of our own? Whose chat is it? Then one
 * POST, and the link between both ids made durable.
 */
export function createHandleMessage(deps: HandleMessageDeps) {
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
    const chat = await deps.resolveChat(account, who)
    const mayBeEcho = incoming.fromMe && incoming.standsFor === undefined
    const settled = mayBeEcho
      ? await matchEcho(account, { entry, incoming, chat }, deps)
      : undefined
    if (settled !== undefined) return settled
    const age = await ageOf(deps, account, incoming)
    const shown = messageType(account, incoming, age)
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

/** `held`: it waits for its message. `undefined`: to be shown like a message. */
type ChangeResult = 'held' | 'echo' | 'ignored' | 'delivered' | undefined

type ChangeDeps = { journal: Journal; later: Pick<Deferred, 'untilTarget'> }

/** Decides about edits, deletions, reactions and poll results, which only mean something beside their message. */
async function handleChange(
  account: Account,
  entry: Entry,
  change: Carried,
  deps: ChangeDeps,
): Promise<ChangeResult> {
  const { incoming } = change
  const { content } = incoming.message
  const target = targetOf(content)
  if (target === undefined) return undefined
  const link = await deps.journal.byKeyId(account.id, target)
  if (link === undefined) return withoutTarget(account, entry, change, target, deps)
  if (incoming.fromMe && (await isAskedChange(deps.journal, account.id, content))) return 'echo'
  if (!deletes(account, incoming)) return undefined
  await removeMessage(account, link)
  return 'delivered'
}

async function withoutTarget(
  account: Account,
  entry: Entry,
  { incoming, event, isOrphan }: Carried,
  target: KeyId,
  { later }: ChangeDeps,
): Promise<ChangeResult> {
  if (!isOrphan && !isAboutStory(incoming)) {
    await later.untilTarget(account, entry, target, event)
    return 'held'
  }
  // What was changed on the phone and never was in Chatwoot says nothing to an agent.
  return incoming.fromMe || deletes(account, incoming) ? 'ignored' : undefined
}

/** Ours are nowhere in Chatwoot, so there is nothing to wait for. */
function isAboutStory({ message: { content } }: Incoming): boolean {
  return content.kind === 'reaction' && content.toStory === true
}

/** The message a change belongs to; `undefined` for what stands by itself. */
function targetOf(content: Content): KeyId | undefined {
  return 'target' in content ? content.target : undefined
}

/** Option `customerDeletes: delete`: the text goes in Chatwoot as well. */
function deletes({ options }: Account, { fromMe, message }: Incoming): boolean {
  return message.content.kind === 'revoke' && !fromMe && options.customerDeletes === 'delete'
}

/** Deleting twice does no harm, so the three forms of one deletion need not be told apart. */
async function removeMessage(account: Account, link: Link): Promise<void> {
  try {
    await account.chatwoot.messages.remove(link.conversationId, link.messageId)
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

/** How much of a message is shown: only that there is one, its words, or all of it. */
type Fullness = NonNullable<InboundLink['shows']>

const MORE = [1, 2] as const

/** How much of a message would be shown with this content. */
function fullnessOf(content: Content): Fullness {
  switch (content.kind) {
    case 'unsupported':
      return content.text === undefined || content.text === '' ? 0 : 1
    case 'rich':
      return content.parts.some(({ as }) => as === 'withheld') ? 1 : 2
    case 'text':
    case 'choice':
      return 1
    default:
      return 2
  }
}

/**
 * The same message with more than what is shown of it: what WhatsApp withheld at first, or the picture of a text. Chatwoot
 * cannot change what it shows, so this gets an id of its own, and `standsFor` names the first. So it does for a message
 * that was said to be undecryptable. Anything else stays as it is.
 */
async function asFuller(
  journal: Pick<Journal, 'byKeyId'>,
  { id: account }: Account,
  incoming: Incoming,
): Promise<Incoming> {
  const { id, key, fromMe, message } = incoming
  if (key === undefined) return incoming
  const isKnown = async (keyId: KeyId) => (await journal.byKeyId(account, keyId)) !== undefined
  const first = await journal.byKeyId(account, id)
  if (first === undefined) {
    const note = undecryptedId(id)
    return !fromMe && (await isKnown(note)) ? { ...incoming, standsFor: note } : incoming
  }
  const fullness = fullnessOf(message.content)
  if (first.direction !== 'in' || fullness <= (first.shows ?? 2)) return incoming
  for (const shown of MORE) {
    if (shown >= fullness && (await isKnown(fullerId(id, shown)))) return incoming
  }
  return { ...incoming, id: fullerId(id, fullness), standsFor: id }
}

function fullerId(id: KeyId, fullness: Fullness): KeyId {
  return asId<KeyId>(`fuller-${fullness}:${id}`)
}
