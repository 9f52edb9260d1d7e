import type { Account } from '../accounts/account.ts'
import { type Clock, hasCome } from '../kernel/clock.ts'
import { BridgeError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import { type Address, parseAddress, type Who } from '../platforms/wasender/jid.ts'
import type { SessionUser } from '../platforms/wasender/session.ts'
import { isSameNumber } from './people.ts'

/** Our own side of a session: the addresses under which others write to us. */
export type Us = { phone?: string; lid?: string; name?: string }

/** Who "we" are in group members, mentions, reactions and the chat with ourselves. */
export type OwnIdentity = {
  /** Our addresses. Empty while the gateway cannot tell; then nobody counts as us. */
  of(account: Account): Promise<Us>
  isUs(account: Account, address: Address): Promise<boolean>
  /**
   * Whether a chat is the one WhatsApp calls "Message yourself". Its messages are notes of whoever holds the phone: they
   * have no customer, so they are ignored and counted (`result="ignored"`) instead of making us our own contact. Only the
   * chat's own address says so; what came beside it may be ours in anybody's chat.
   */
  isOwnChat(account: Account, who: Pick<Who, 'address'>): Promise<boolean>
  /**
   * Whether an address is certainly not ours: the gateway has told our own of that kind since the session connected last,
   * and it is another.
   */
  isSomebodyElses(account: Account, address: Address): Promise<boolean>
  /**
   * The same person without addresses that are ours, as far as is known by now: an own address is never anybody else's,
   * whichever field it came in.
   */
  without(account: AccountId, who: Who): Who
  /** Whether an address is ours, as far as is known by now. */
  isOurs(account: AccountId, address: Address): boolean
  /** The session connected again, perhaps with another phone: the next question asks anew. */
  forget(account: AccountId): void
}

/** A gateway that could not say who we are is asked again after this long. */
const ASK_AGAIN_MS = 60_000

type Known = { us: Us; answered: boolean; stale: boolean; askedAt: number }

/**
 * Asks `/user` once per account and connection (docs/platforms/wasender.md#session-routes). `onKnown` is done before
 * anybody hears the answer; while it fails, nothing is certain.
 */
export function createOwnIdentity({
  clock,
  onKnown = async () => {},
}: {
  clock: Clock
  onKnown?: (account: Account, us: Us) => Promise<void>
}): OwnIdentity {
  const known = new Map<AccountId, Known>()
  const asking = new Map<AccountId, Promise<Us>>()

  async function ask(account: Account, before: Us): Promise<Us> {
    // Noted first, so that a `forget` during the request is not forgotten itself.
    const entry = { us: before, answered: false, stale: false, askedAt: clock.now() }
    known.set(account.id, entry)
    try {
      entry.us = usOf(await account.wasender.session.user())
      await onKnown(account, entry.us)
      entry.answered = true
    } catch (error) {
      // Nobody being us only shows us by number where others see "you": no reason to hold a message back.
      if (!(error instanceof BridgeError)) throw error
    }
    return entry.us
  }

  async function of(account: Account): Promise<Us> {
    const entry = known.get(account.id)
    const isFresh =
      entry !== undefined &&
      !entry.stale &&
      (entry.answered || !hasCome(entry.askedAt + ASK_AGAIN_MS, clock.now(), ASK_AGAIN_MS))
    const pending = asking.get(account.id)
    if (pending !== undefined) return pending
    if (isFresh) return entry.us
    const asked = ask(account, entry?.us ?? {}).finally(() => asking.delete(account.id))
    asking.set(account.id, asked)
    return asked
  }

  return {
    of,
    isUs: async (account, address) => matches(await of(account), address),
    isOwnChat: async (account, { address }) => matches(await of(account), address),
    async isSomebodyElses(account, address) {
      const us = await of(account)
      const entry = known.get(account.id)
      const isCertain = entry?.answered === true && !entry.stale
      const ours = address.kind === 'phone' ? us.phone : us.lid
      return isCertain && ours !== undefined && !isOurs(us, address)
    },
    without: (account, who) => withoutUs(known.get(account)?.us ?? {}, who),
    isOurs: (account, address) => isOurs(known.get(account)?.us ?? {}, address),
    forget(account) {
      const entry = known.get(account)
      if (entry !== undefined) entry.stale = true
    },
  }
}

/** For converters, which are pure: whether an address is ours. Groups and channels never are. */
export function matches(us: Us, address: Address): boolean {
  if (address.kind === 'phone')
    return us.phone !== undefined && isSameNumber(us.phone, address.digits)
  return address.kind === 'lid' && address.id === us.lid
}

/**
 * {@link matches}, also when the gateway wrote our LID as a number or our number as a LID: too much care loses a look-up,
 * too little takes a stranger for a customer.
 */
export function isOurs(us: Us, address: Address): boolean {
  if (matches(us, address)) return true
  if (address.kind === 'phone') return address.digits === us.lid
  return address.kind === 'lid' && us.phone !== undefined && isSameNumber(us.phone, address.id)
}

function withoutUs(us: Us, who: Who): Who {
  const { address, phone, lid } = who
  const isUs = isOurs(us, address)
  const belongs = (each: Address) => isOurs(us, each) === isUs
  return {
    address,
    ...(phone !== undefined && belongs({ kind: 'phone', digits: phone }) ? { phone } : {}),
    ...(lid !== undefined && belongs({ kind: 'lid', id: lid }) ? { lid } : {}),
  }
}

function usOf({ jid, lid, name }: SessionUser): Us {
  const addresses = [jid, lid].map((each) => (each === undefined ? undefined : parseAddress(each)))
  const us: Us = name === undefined ? {} : { name }
  for (const address of addresses) {
    if (address?.kind === 'phone') us.phone = address.digits
    if (address?.kind === 'lid') us.lid = address.id
  }
  return us
}
