import type { Account } from '../../account.ts'
import { displayName } from '../../identity/display-name.ts'
import { matches, type OwnIdentity, type Us } from '../../identity/own.ts'
import type { Who } from '../../identity/people.ts'
import { type ChatwootDraft, type DraftContext, draftFor } from '../../message/inbound/draft.ts'
import type { NameOf } from '../../message/inbound/names.ts'
import type { Author, Incoming } from '../../message/incoming.ts'
import { type Address, aliasOf, parseAddress } from '../../wasender/jid.ts'
import type { KnownNames } from './known-names.ts'

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
