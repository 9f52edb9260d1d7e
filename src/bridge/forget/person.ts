import { type AccountId, asId, type ChatId, type ContactId } from '../../kernel/ids.ts'
import { aliasesOf, namesOf, variantsOf } from '../../people/people.ts'
import {
  addressOfAlias,
  aliasOf,
  formatJid,
  parseAddress,
  type Who,
} from '../../platforms/wasender/jid.ts'
import { aliasInKey, storeKey } from '../../state/store/keys.ts'
import type { Chat, Store } from '../../state/store/types.ts'

/** Who is meant: somebody by an address, or the contact of Chatwoot that was deleted. */
export type Wanted = { who: Who } | { contact: ContactId }

/** Everything that is known of who somebody is, in one account. */
export type Person = {
  account: AccountId
  /** All their addresses, such as `pn:12025550143` and `lid:1899`, one of which is the name of their chat. */
  names: ReadonlySet<string>
  /** Their chats with a record, which knows the conversation. */
  chats: readonly Chat[]
}

/** Reads what an admin typed: a number, with or without `+`, or a JID of a person. */
export function readPerson(text: string): Who | undefined {
  const address = parseAddress(text.replace(/[\s()./-]/g, ''))
  if (address?.kind === 'phone') return { address, phone: address.digits }
  if (address?.kind === 'lid') return { address, lid: address.id }
  return undefined
}

/** Follows every address to the others, until none is new. Looks at all addresses of the account, so ask rarely. */
export async function findPerson(
  { aliases, chats }: Pick<Store, 'aliases' | 'chats'>,
  account: AccountId,
  wanted: Wanted,
): Promise<Person> {
  const names = new Set<string>()
  const found = new Map<string, Chat>()
  const add = (more: readonly string[]) => {
    for (const name of more) names.add(name)
  }

  async function follow(name: string): Promise<void> {
    const alias = await aliases.get(storeKey.alias(account, name))
    if (alias !== undefined) add([alias.chat])
    const chat = await chats.get(storeKey.chat(account, asId<ChatId>(name)))
    if (chat === undefined) return
    found.set(name, chat)
    add(spellingsOf(chat))
  }

  /** A LID leads to the chat with the number, which need not lead back. */
  async function leadingHere(): Promise<void> {
    for await (const { id, value } of aliases.all()) {
      if (value.account === account && names.has(value.chat)) add([aliasInKey(account, id)])
    }
  }

  add('who' in wanted ? namesOf(wanted.who) : await namesOfContact(chats, account, wanted.contact))
  const followed = new Set<string>()
  while (followed.size < names.size) {
    for (const name of [...names].filter((one) => !followed.has(one))) {
      followed.add(name)
      await follow(name)
    }
    await leadingHere()
  }
  return { account, names, chats: [...found.values()] }
}

/** The JIDs of their addresses. */
export function jidsOf({ names }: Pick<Person, 'names'>): string[] {
  return [...names].flatMap((name) => {
    const address = addressOfAlias(name)
    return address === undefined ? [] : [formatJid(address)]
  })
}

/** Those of their addresses that are LIDs, without what stands around them. */
export function lidsOf({ names }: Pick<Person, 'names'>): string[] {
  return [...names].flatMap((name) => {
    const address = addressOfAlias(name)
    return address?.kind === 'lid' ? [address.id] : []
  })
}

async function namesOfContact(
  chats: Store['chats'],
  account: AccountId,
  contact: ContactId,
): Promise<string[]> {
  const found = await chats.findBy('contact', storeKey.byContact(account, contact))
  return found.map(({ chat }) => chat as string)
}

function spellingsOf({ chat, phone, lid }: Chat): string[] {
  const address = addressOfAlias(chat)
  if (address?.kind !== 'phone' && address?.kind !== 'lid') return []
  const spelled = phone === undefined ? [undefined] : variantsOf(phone)
  const known = lid === undefined ? {} : { lid }
  return spelled.flatMap((digits) =>
    aliasesOf({ address, ...known, ...(digits === undefined ? {} : { phone: digits }) }),
  )
}

/** So deep an event is looked into; no real one is deeper. */
const DEEPEST = 40

/** What somebody else wrote may name them, or answer them: that is not theirs, and leaves with what it belongs to. */
const OF_OTHERS = new Set(['contextInfo', 'mentions', 'mentionedJid', 'message', 'messageBody'])

/**
 * Whether something that waits is about a person: one of its addresses is theirs, such as that of a group message's author
 * or of who a failed send was for.
 */
export function isAbout(value: unknown, names: ReadonlySet<string>, depth = 0): boolean {
  if (typeof value === 'string') return isNamed(value, names)
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return false
  const record = value as Readonly<Record<string, unknown>>
  if (isAddressOf(record, names)) return true
  return Object.entries(record).some(
    ([key, inner]) => !OF_OTHERS.has(key) && isAbout(inner, names, depth + 1),
  )
}

/** The bridge's own form of an address, as entries hold it. */
function isAddressOf(
  { kind, digits, id }: Readonly<Record<string, unknown>>,
  names: ReadonlySet<string>,
): boolean {
  if (kind === 'phone') return typeof digits === 'string' && names.has(`pn:${digits}`)
  return kind === 'lid' && typeof id === 'string' && names.has(`lid:${id}`)
}

function isNamed(text: string, names: ReadonlySet<string>): boolean {
  if (names.has(text)) return true
  if (text.length > 100 || !text.includes('@')) return false
  const address = parseAddress(text)
  return address !== undefined && names.has(aliasOf(address))
}
