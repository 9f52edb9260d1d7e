import type { Account } from '../accounts/account.ts'
import { isRetryable } from '../kernel/errors.ts'
import type { ChatId } from '../kernel/ids.ts'
import { type Address, addressOfAlias, formatJid, parseAddress } from '../platforms/wasender/jid.ts'
import type { Chat, Refusal } from '../state/store/types.ts'
import type { Conversations } from './conversations.ts'
import { type People, variantsOf } from './people.ts'

/** A gateway that cannot look up an address must not keep a message back for long. */
const PATIENCE = 3

/** An address as the gateway takes it: a number as agents know it, everything else by its JID. */
export function writtenAddress(address: Address): string {
  return address.kind === 'phone' ? `+${address.digits}` : formatJid(address)
}

/** The other ways to somebody whom WhatsApp has refused under one address. */
export type OtherAddresses = {
  /**
   * The next one that was not refused, the likeliest first: another spelling of the number, the LID, the number behind a
   * LID. What is not known is asked for; `attempts` is how often that was tried for the message at hand. A limit on new
   * chats leaves only the LID of somebody who was sent to by number (docs/platforms/wasender.md#people-and-addresses).
   *
   * @throws {TransientError} when the gateway cannot answer now, a few times.
   */
  next(
    account: Account,
    chat: ChatId,
    refusals: readonly Refusal[],
    attempts: number,
  ): Promise<string | undefined>
  /** It was taken there: the next message goes there at once. */
  remember(account: Account, chat: ChatId, to: string): Promise<void>
}

export function createOtherAddresses(deps: {
  people: Pick<People, 'resolve'>
  conversations: Pick<Conversations, 'get' | 'sendTo'>
}): OtherAddresses {
  const { people, conversations } = deps

  /** Known to lead to the chat before anything is sent there, so that its echo is recognised. */
  async function learn(account: Account, phone: string, lid: string): Promise<void> {
    await people.resolve(account.id, { address: { kind: 'phone', digits: phone }, phone, lid })
  }

  async function lookedUp(
    account: Account,
    { phone, lid }: Known,
    attempts: number,
  ): Promise<string[]> {
    if ((phone === undefined) === (lid === undefined)) return []
    const { contacts } = account.wasender
    const jid = await orNothing(attempts, () =>
      phone === undefined
        ? contacts.phoneFromLid(formatJid({ kind: 'lid', id: lid ?? '' }))
        : contacts.lidFromPhone(phone),
    )
    const found = jid === undefined ? undefined : parseAddress(jid)
    if (found?.kind === 'lid' && phone !== undefined) await learn(account, phone, found.id)
    if (found?.kind === 'phone' && lid !== undefined) await learn(account, found.digits, lid)
    return found === undefined ? [] : spellingsOf(found)
  }

  return {
    async next(account, chat, refusals, attempts) {
      const known = knownOf(chat, await conversations.get(account.id, chat), refusals)
      const isNew = (to: string) => refusals.every((refusal) => refusal.to !== to)
      const lids = known.lid === undefined ? [] : spellingsOf({ kind: 'lid', id: known.lid })
      const isLimit = refusals.some(({ why }) => why === 'limit')
      if (isLimit) return known.phone === undefined ? undefined : lids.find(isNew)
      const phones =
        known.phone === undefined ? [] : spellingsOf({ kind: 'phone', digits: known.phone })
      const next = [...phones, ...lids].find(isNew)
      return next ?? (await lookedUp(account, known, attempts)).find(isNew)
    },
    async remember(account, chat, to) {
      const address = parseAddress(to)
      if (address?.kind === 'phone' || address?.kind === 'lid') {
        await conversations.sendTo(account.id, chat, address)
      }
    },
  }
}

type Known = { phone?: string | undefined; lid?: string | undefined }

/** By the record, by the name of the chat, or by where it was sent to. Only of people. */
function knownOf(chat: ChatId, record: Chat | undefined, refusals: readonly Refusal[]): Known {
  const tried = refusals.map(({ to }) => parseAddress(to))
  const known: Known = { phone: record?.phone, lid: record?.lid }
  for (const address of [addressOfAlias(chat), ...tried]) {
    if (address?.kind === 'phone') known.phone ??= address.digits
    if (address?.kind === 'lid') known.lid ??= address.id
  }
  return known
}

function spellingsOf(address: Address): string[] {
  if (address.kind !== 'phone') return [writtenAddress(address)]
  return variantsOf(address.digits).map((digits) => writtenAddress({ kind: 'phone', digits }))
}

async function orNothing<T>(attempts: number, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (isRetryable(error) && attempts < PATIENCE) throw error
    return undefined
  }
}
