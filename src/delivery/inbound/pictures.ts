import type { Account } from '../../account.ts'
import { isNotFound } from '../../chatwoot/client.ts'
import type { Clock } from '../../clock.ts'
import type { Conversations } from '../../identity/conversations.ts'
import type { ChatId } from '../../ids.ts'
import type { DownloadFile } from '../../media/download.ts'
import type { Chat } from '../../store/types.ts'
import { addressOfAlias } from '../../wasender/jid.ts'
import type { Throttle } from '../lanes/throttle.ts'
import type { Handled } from '../lanes/turn.ts'
import { jidOf } from '../outbound/chat-jid.ts'
import type { ProfileEvent } from './inbound-events.ts'
import { readPicture } from './read-picture.ts'

type News = NonNullable<ProfileEvent['picture']>

/** Brings profile pictures into Chatwoot. */
export type Pictures = {
  fetch(account: Account, chat: ChatId, news: News): Promise<Handled>
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
      if (chat === undefined) return 'done'
      const turn = `picture:${account.id}`
      if (!(await throttle.allow(turn, ACCOUNT_EVERY_MS))) {
        return { waitUntil: clock.now() + ACCOUNT_EVERY_MS }
      }
      const own = `${turn}:${id}:${news.kind}`
      if (!(await throttle.allow(own, CHAT_EVERY_MS))) return 'done'
      try {
        await show(account, chat, news)
      } catch (error) {
        await throttle.reset(own)
        // Deleted in Chatwoot: nobody is left to have a picture.
        if (!isNotFound(error)) throw error
      }
      return 'done'
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
