import { aliasesOf, namesOf, type Who } from '../identity/people.ts'
import { variantsOf } from '../identity/phone-variants.ts'
import { type AccountId, asId, type ChatId, type ContactId } from '../ids.ts'
import { aliasInKey, storeKey } from '../store/keys.ts'
import type { Chat, Store } from '../store/types.ts'
import { addressOfAlias, formatJid, parseAddress } from '../wasender/jid.ts'

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
