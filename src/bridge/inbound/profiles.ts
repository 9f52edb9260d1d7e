import type { Account } from '../../accounts/account.ts'
import type { Download, DownloadFile } from '../../content/media/download.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { ChatId } from '../../kernel/ids.ts'
import { displayName } from '../../people/contacts.ts'
import type { Conversations } from '../../people/conversations.ts'
import type { OwnIdentity } from '../../people/own.ts'
import type { ResolveChat } from '../../people/resolve-chat.ts'
import { isNotFound } from '../../platforms/chatwoot/client.ts'
import type { ContactsEvent, GroupsEvent } from '../../platforms/wasender/events/index.ts'
import { addressOfAlias } from '../../platforms/wasender/jid.ts'
import type { Entry } from '../../queue/entry.ts'
import { bestEffort } from '../../queue/lane-worker.ts'
import type { Dispatch, Throttle } from '../../queue/queue.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import type { Chat } from '../../state/store/types.ts'
import { jidOf } from '../outbound/target.ts'
import type { ProfileEvent } from './inbound-events.ts'
import type { ContactNames, KnownNames } from './known-names.ts'

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
  resolveChat: ResolveChat
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
  { resolveChat, own, names, profiles }: ContactEventsDeps,
): Promise<void> {
  const { name, verifiedName, notify, picture } = event
  await own.of(account)
  const who = own.without(account.id, event.contact)
  const chat = await resolveChat(account, who)
  await names.learn(account, chat, who, { saved: name, own: verifiedName ?? notify })
  const best = await names.find(account, who)
  if (best !== undefined) await profiles.offerName(account, chat, best)
  if (picture !== undefined) await profiles.askPicture(account, chat, picture)
}

/** The same of a group's subject. */
export async function handleGroup(
  account: Account,
  { group, subject }: GroupsEvent,
  { resolveChat, names, profiles }: Omit<ContactEventsDeps, 'own'>,
): Promise<void> {
  const name = displayName(subject)
  if (name === undefined) return
  const who = { address: group }
  const chat = await resolveChat(account, who)
  await names.learn(account, chat, who, { saved: name })
  await profiles.offerName(account, chat, name)
}

type News = NonNullable<ProfileEvent['picture']>

/** Brings profile pictures into Chatwoot. */
type Pictures = {
  fetch(account: Account, chat: ChatId, news: News): Promise<void>
}

/** WasenderAPI answers for 60 pictures a minute (docs/platforms/wasender.md#rate-limits). */
const ACCOUNT_EVERY_MS = 1_200
/** After linking, WhatsApp tells of every contact at once, and of some again and again. */
const CHAT_EVERY_MS = 60_000

/**
 * Pictures are uploaded: Chatwoot's own download refuses private hosts, runs once a minute and never tries a URL again
 * (docs/platforms/chatwoot.md#pictures-of-contacts).
 */
export function createPictures(deps: {
  conversations: Conversations
  throttle: Throttle
  download: DownloadFile
  clock: Clock
}): Pictures {
  const { conversations, throttle, download, clock } = deps

  async function upload(account: Account, chat: Chat, url: string): Promise<void> {
    const policy = { configured: [account.baseUrls.wasender], hosts: PICTURE_HOSTS }
    const picture = await readPicture(await download(url, policy))
    if (picture === undefined) return
    const extension = picture.type.split('/')[1]
    await account.chatwoot.contacts.setAvatar(chat.contactId, picture, `avatar.${extension}`)
  }

  async function show(account: Account, chat: Chat, news: News): Promise<void> {
    if (news.kind === 'removed') return account.chatwoot.contacts.removeAvatar(chat.contactId)
    const url = news.kind === 'url' ? news.url : await urlOf(account, chat)
    if (url !== undefined) await upload(account, chat, url)
  }

  return {
    async fetch(account, id, news) {
      const chat = await conversations.get(account.id, id)
      if (chat === undefined) return
      const turn = `picture:${account.id}`
      if (!(await throttle.allow(turn, ACCOUNT_EVERY_MS))) {
        const until = clock.now() + ACCOUNT_EVERY_MS
        throw new WaitUntil('Other pictures of the account go first.', { until })
      }
      const own = `${turn}:${id}:${news.kind}`
      if (!(await throttle.allow(own, CHAT_EVERY_MS))) return
      try {
        await show(account, chat, news)
      } catch (error) {
        await throttle.reset(own)
        // Deleted in Chatwoot: nobody is left to have a picture.
        if (!isNotFound(error)) throw error
      }
    },
  }
}

/** Where WhatsApp keeps profile pictures. */
const PICTURE_HOSTS = ['*.whatsapp.net']

/** `undefined` when there is none, or it is hidden from us. */
async function urlOf(account: Account, chat: Chat): Promise<string | undefined> {
  const jid = jidOf(chat)
  const kind = addressOfAlias(chat.chat)?.kind
  if (jid === undefined) return undefined
  if (kind === 'group') return account.wasender.groups.picture(jid)
  const isPerson = kind === 'phone' || kind === 'lid'
  return isPerson ? account.wasender.contacts.picture(chat.phone ?? jid) : undefined
}

/** What Chatwoot takes as an avatar (docs/platforms/chatwoot.md#pictures-of-contacts). */
const TYPES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp'])

/** Profile pictures have some ten kilobytes; anything far above is none. */
const MAX_BYTES = 5 * 1024 * 1024

/** Reads a small picture whole; `undefined` when it is not a picture or not small. */
export async function readPicture(download: Download): Promise<Blob | undefined> {
  try {
    const type = download.contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
    if (!TYPES.has(type) || (download.size ?? 0) > MAX_BYTES) return undefined
    const chunks: Uint8Array<ArrayBuffer>[] = []
    let length = 0
    for await (const chunk of download.body) {
      length += chunk.length
      if (length > MAX_BYTES) return undefined
      chunks.push(new Uint8Array(chunk))
    }
    return new Blob(chunks, { type })
  } finally {
    download.close()
  }
}
