import type { Account } from '../../account.ts'
import { displayName } from '../../identity/display-name.ts'
import type { OwnIdentity } from '../../identity/own.ts'
import type { Settle } from '../../identity/settle.ts'
import type { ContactsEvent, GroupsEvent } from '../../wasender/events/index.ts'
import type { KnownNames } from './known-names.ts'
import type { Profiles } from './profiles.ts'

type ContactEventsDeps = {
  settle: Settle
  own: OwnIdentity
  names: KnownNames
  profiles: Profiles
}

/**
 * What WhatsApp tells about contacts and groups between messages
 * (docs/platforms/wasender.md#chats-contacts-and-groups). Names are learned for people without a conversation too,
 * since groups mention them; Chatwoot only hears of those it has.
 */
export async function handleContact(
  account: Account,
  event: ContactsEvent,
  { settle, own, names, profiles }: ContactEventsDeps,
): Promise<'done'> {
  const { name, verifiedName, notify, picture } = event
  await own.of(account)
  const who = own.without(account.id, event.contact)
  const chat = await settle(account, who)
  await names.learn(account, chat, who, { saved: name, own: verifiedName ?? notify })
  const best = await names.find(account, who)
  if (best !== undefined) await profiles.offerName(account, chat, best)
  if (picture !== undefined) await profiles.askPicture(account, chat, picture)
  return 'done'
}

/** The same of a group's subject. */
export async function handleGroup(
  account: Account,
  { group, subject }: GroupsEvent,
  { settle, names, profiles }: Omit<ContactEventsDeps, 'own'>,
): Promise<void> {
  const name = displayName(subject)
  if (name === undefined) return
  const who = { address: group }
  const chat = await settle(account, who)
  await names.learn(account, chat, who, { saved: name })
  await profiles.offerName(account, chat, name)
}
