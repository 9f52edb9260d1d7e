import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { ChatId } from '../../kernel/ids.ts'
import { displayName } from '../../people/contacts.ts'
import type { Conversations } from '../../people/conversations.ts'
import type { OwnIdentity } from '../../people/own.ts'
import type { Settle } from '../../people/resolve-chat.ts'
import type { ContactsEvent, GroupsEvent } from '../../platforms/wasender/events/index.ts'
import type { Dispatch } from '../../queue/dispatch.ts'
import type { Entry } from '../../queue/entry.ts'
import { bestEffort } from '../../queue/lane-worker.ts'
import type { ProfileEvent } from './inbound-events.ts'
import type { ContactNames, KnownNames } from './known-names.ts'
import type { Pictures } from './pictures.ts'

/** A name or a picture that cannot be had is let go after so many attempts; the next change brings it anyway. */
const ATTEMPTS = 5

/**
 * Names and pictures of contacts, each chat's in a lane of its own: they may take long, and neither a message nor the
 * badge may wait for them.
 */
export function createProfiles(deps: {
  conversations: Conversations
  contactNames: ContactNames
  pictures: Pictures
  dispatch: Dispatch
  clock: Clock
}) {
  const { conversations, contactNames, pictures, clock } = deps

  async function post(account: Account, event: ProfileEvent): Promise<void> {
    const lane = { direction: 'in', account: account.id, key: `profile:${event.chat}` } as const
    await deps.dispatch.post([{ lane, order: 0, receivedAt: clock.now(), event }])
  }

  return {
    /** Asks durably for the name to be shown, if it is new. Most messages bring one that is not. */
    async offerName(account: Account, chat: ChatId, name: string): Promise<void> {
      if (account.options.contactNames === 'never') return
      const known = await conversations.get(account.id, chat)
      if (known === undefined || (known.nameOffered ?? known.nameSet) === name) return
      await post(account, { type: 'profile', chat, name })
    },

    /** Asks durably for the picture: a certain one, or whatever there is. */
    async askPicture(
      account: Account,
      chat: ChatId,
      picture: NonNullable<ProfileEvent['picture']> = { kind: 'changed' },
    ): Promise<void> {
      if ((await conversations.get(account.id, chat)) === undefined) return
      await post(account, { type: 'profile', chat, picture })
    },

    async handle(account: Account, entry: Entry, event: ProfileEvent): Promise<void> {
      const { chat, name, picture } = event
      await bestEffort(entry, ATTEMPTS, async () => {
        if (name !== undefined) await contactNames.offer(account, chat, name)
        if (picture !== undefined) await pictures.fetch(account, chat, picture)
      })
    },
  }
}

export type Profiles = ReturnType<typeof createProfiles>

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
): Promise<void> {
  const { name, verifiedName, notify, picture } = event
  await own.of(account)
  const who = own.without(account.id, event.contact)
  const chat = await settle(account, who)
  await names.learn(account, chat, who, { saved: name, own: verifiedName ?? notify })
  const best = await names.find(account, who)
  if (best !== undefined) await profiles.offerName(account, chat, best)
  if (picture !== undefined) await profiles.askPicture(account, chat, picture)
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
