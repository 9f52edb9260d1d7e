import type { Account } from '../../accounts/account.ts'
import type { Texts } from '../../content/locale/index.ts'
import {
  type ChatwootDraft,
  type DraftContext,
  draftFor,
} from '../../content/message/inbound/draft.ts'
import type { NameOf } from '../../content/message/inbound/inline.ts'
import type { Author, Incoming } from '../../content/message/incoming.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { ChatId } from '../../kernel/ids.ts'
import { displayName } from '../../people/contacts.ts'
import { matches, type OwnIdentity, type Us } from '../../people/own.ts'
import { aliasesOf } from '../../people/people.ts'
import { isNotFound } from '../../platforms/chatwoot/client.ts'
import type { ContactRef } from '../../platforms/chatwoot/shapes/contact.ts'
import { type Address, aliasOf, parseAddress, type Who } from '../../platforms/wasender/jid.ts'
import { storeKey } from '../../state/store/keys.ts'
import type { Alias, Chat, Store } from '../../state/store/types.ts'

/** `saved`: from the phone's address book, or a group's subject. `own`: what a person calls themselves. */
export type NameNews = { saved?: string | undefined; own?: string | undefined }

/**
 * What people and groups are called, remembered with their addresses: in groups WhatsApp names authors, members and
 * mentioned people by address only.
 */
export type KnownNames = {
  learn(account: Account, chat: ChatId, who: Who, news: NameNews): Promise<void>
  /** The name in the address book goes before the one a person chose. */
  find(account: Account, who: Who): Promise<string | undefined>
}

export function createKnownNames({ store, clock }: { store: Store; clock: Clock }): KnownNames {
  const { aliases } = store
  const keyOf = (account: Account) => (alias: string) => storeKey.alias(account.id, alias)

  return {
    async learn(account, chat, who, news) {
      const saved = displayName(news.saved)
      const own = displayName(news.own)
      const fields: Partial<Alias> = {
        ...(saved === undefined ? {} : { savedName: saved }),
        ...(own === undefined ? {} : { ownName: own }),
      }
      if (Object.keys(fields).length === 0) return
      // Under the chat as well, which every address of a person leads to.
      const keys = [chat, ...aliasesOf(who)].map(keyOf(account))
      const changes = [...new Set(keys)].map((key) =>
        aliases.update(key, (known) =>
          hasAll(known, fields)
            ? undefined
            : { account: account.id, chat, at: clock.now(), ...known, ...fields },
        ),
      )
      await Promise.all(changes)
    },

    async find(account, who) {
      const look = (names: string[]) =>
        Promise.all(names.map(keyOf(account)).map((key) => aliases.get(key)))
      const direct = (await look(aliasesOf(who))).filter((alias) => alias !== undefined)
      const known = [...direct, ...(await look(direct.map(({ chat }) => chat)))]
      const saved = known.find((alias) => alias?.savedName !== undefined)?.savedName
      // What earlier releases remembered was not cleaned.
      return displayName(saved ?? known.find((alias) => alias?.ownName !== undefined)?.ownName)
    },
  }
}

function hasAll(known: Alias | undefined, fields: Partial<Alias>): boolean {
  if (known === undefined) return false
  const { savedName = known.savedName, ownName = known.ownName } = fields
  return known.savedName === savedName && known.ownName === ownName
}

/** Keeps the names of Chatwoot's contacts up to date, as far as option `contactNames` allows. */
export type ContactNames = {
  /** WhatsApp calls the chat `name` by now. Costs calls only when that is new. */
  offer(account: Account, chat: ChatId, name: string): Promise<void>
}

/**
 * With `if-unset` a name is only replaced while it is the bridge's own, a bare number or a stand-in such as "WhatsApp
 * group". The last name that was offered is remembered, so that Chatwoot is asked once per name and not per message.
 */
export function createContactNames({ store }: { store: Store }): ContactNames {
  async function rename(account: Account, chat: Chat, name: string): Promise<Partial<Chat>> {
    const contact = await account.chatwoot.contacts.get(chat.contactId)
    const offered = { nameOffered: name }
    if (contact.name === name) return { ...offered, nameSet: name }
    const always = account.options.contactNames === 'always'
    if (!always && !isReplaceable(contact, chat, account.texts)) return offered
    await account.chatwoot.contacts.update(chat.contactId, { name })
    return { ...offered, nameSet: name }
  }

  return {
    async offer(account, chat, name) {
      if (account.options.contactNames === 'never') return
      const id = storeKey.chat(account.id, chat)
      const known = await store.chats.get(id)
      if (known === undefined || (known.nameOffered ?? known.nameSet) === name) return
      try {
        const learned = await rename(account, known, name)
        await store.chats.update(id, (current) => current && { ...current, ...learned })
      } catch (error) {
        // Deleted in Chatwoot: the next message makes it anew, with its name.
        if (!isNotFound(error)) throw error
      }
    },
  }
}

/** Whether the contact's name is nobody's choice. */
function isReplaceable(contact: ContactRef, chat: Chat, { names }: Texts): boolean {
  const { name } = contact
  if (name.trim() === '' || name === chat.nameSet) return true
  const isNumber = /^\+?[\d\s().-]{6,}$/.test(name)
  return isNumber || Object.values(names).includes(name)
}

type Namers = { names: Pick<KnownNames, 'find'>; own: Pick<OwnIdentity, 'of'> }

/** Words something from WhatsApp, with the names of whoever it mentions: converters are pure and know addresses only. */
export async function namedDraft(
  account: Account,
  incoming: Incoming,
  around: Pick<DraftContext, 'isQuoteShown' | 'writtenAt' | 'isHistory'>,
  namers: Namers,
): Promise<ChatwootDraft> {
  const { author, fromMe, message } = incoming
  const known = await namesIn(account, incoming, namers)
  const nameOf = (jid: string) => {
    const address = parseAddress(jid)
    return address === undefined ? undefined : known.get(aliasOf(address))
  }
  const draft = draftFor(message, {
    texts: account.texts,
    fromMe,
    author: author === undefined ? undefined : await authorOf(account, author, message, namers),
    nameOf,
    ...around,
    quotedAuthor: quotedAuthorOf(incoming, nameOf),
  })
  return incoming.standsFor === undefined ? draft : { ...draft, quotes: incoming.standsFor }
}

/** Names of everyone in the message, by alias. */
async function namesIn(
  account: Account,
  incoming: Incoming,
  { names, own }: Namers,
): Promise<Map<string, string>> {
  const addresses = addressesIn(incoming)
  const found = new Map<string, string>()
  const us: Us = addresses.length === 0 ? {} : await own.of(account)
  for (const address of addresses) {
    const name = ourName(us, address) ?? (await names.find(account, whoIs(address)))
    if (name !== undefined) found.set(aliasOf(address), name)
  }
  return found
}

async function authorOf(
  account: Account,
  author: Author,
  { content }: Incoming['message'],
  { names }: Namers,
): Promise<string> {
  const who = whoWrote(author)
  const known = who === undefined ? undefined : await names.find(account, who)
  const number = author.phone === undefined ? undefined : `+${author.phone}`
  const { unknown } = account.texts.names
  const unnamed = content.kind === 'system' ? unknown.inLine : unknown.author
  return known ?? displayName(author.name) ?? number ?? unnamed
}

/** Whom a message names. The names of a system line may also be a title, which is no address. */
function addressesIn({ message }: Incoming): Address[] {
  const { content, mentions = [], quoted } = message
  const jids = [
    ...mentions,
    ...(content.kind === 'system' ? content.names : []),
    ...(quoted?.mentions ?? []),
    ...(quoted?.from === undefined ? [] : [quoted.from]),
  ]
  return jids.flatMap((jid) => parseAddress(jid) ?? [])
}

/** In a direct chat there are only two. */
function quotedAuthorOf({ who, message }: Incoming, nameOf: NameOf): string | undefined {
  const { from } = message.quoted ?? {}
  const address = from === undefined ? undefined : parseAddress(from)
  if (from === undefined || address === undefined || who.address.kind !== 'group') return undefined
  return nameOf(from) ?? (address.kind === 'phone' ? `+${address.digits}` : undefined)
}

/** The person behind one address. */
export function whoIs(address: Address): Who {
  if (address.kind === 'phone') return { address, phone: address.digits }
  return address.kind === 'lid' ? { address, lid: address.id } : { address }
}

/** The person behind a group message; `undefined` when not even an address is known. */
export function whoWrote({ phone, lid }: Author): Who | undefined {
  const lidOf = lid === undefined ? {} : { lid }
  if (phone !== undefined) return { ...whoIs({ kind: 'phone', digits: phone }), ...lidOf }
  return lid === undefined ? undefined : whoIs({ kind: 'lid', id: lid })
}

function ourName(us: Us, address: Address): string | undefined {
  return matches(us, address) ? us.name : undefined
}
