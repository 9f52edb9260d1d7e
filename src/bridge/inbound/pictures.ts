import type { Account } from '../../accounts/account.ts'
import type { Download, DownloadFile } from '../../content/media/download.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { ChatId } from '../../kernel/ids.ts'
import type { Conversations } from '../../people/conversations.ts'
import { isNotFound } from '../../platforms/chatwoot/client.ts'
import { addressOfAlias } from '../../platforms/wasender/jid.ts'
import type { Throttle } from '../../queue/throttle.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import type { Chat } from '../../state/store/types.ts'
import { jidOf } from '../outbound/target.ts'
import type { ProfileEvent } from './inbound-events.ts'

type News = NonNullable<ProfileEvent['picture']>

/** Brings profile pictures into Chatwoot. */
export type Pictures = {
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
