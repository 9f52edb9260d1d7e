import type { Account } from '../../account.ts'
import type { Conversations } from '../../identity/conversations.ts'
import { openLidOf } from '../../identity/follow-open-lids.ts'
import type { OpenLids } from '../../identity/open-lids.ts'
import type { People, Who } from '../../identity/people.ts'
import type { ChatId } from '../../ids.ts'
import type { Content } from '../../message/canonical.ts'
import type { Incoming } from '../../message/incoming.ts'
import { type Answers, writtenBy } from '../outcome/answers.ts'
import { heardUnderLid } from '../outcome/heard-under-lid.ts'
import type { Journal } from '../outcome/journal.ts'
import type { RequestReport } from '../outcome/report-requests.ts'
import type { KnownNames } from './known-names.ts'
import { whoWrote } from './named-draft.ts'
import type { Profiles } from './profiles.ts'
import type { Unread } from './unread.ts'

/** What a delivered message leaves behind besides its link. */
export type Aftermath = {
  of(account: Account, delivered: DeliveredMessage): Promise<void>
}

export type DeliveredMessage = {
  incoming: Incoming
  who: Who
  chat: ChatId
  /** The chat got its first conversation with this message; its contact may have been imported before. */
  isNew: boolean
  /** When the bridge was told of it, ms since 1970. */
  receivedAt: number
}

/** Kinds that WhatsApp does not count as a message to be read. */
const NOT_READ: ReadonlySet<Content['kind']> = new Set([
  'reaction',
  'edit',
  'encrypted-edit',
  'revoke',
  'poll-result',
  'call',
  'system',
])

/** Kinds that do not show that somebody has read what was sent. */
const NO_ANSWER: ReadonlySet<Content['kind']> = new Set(['call', 'system'])

/**
 * Remembers names and what is unread, and asks for a new contact's picture. Nothing in here calls one of the platforms:
 * the message is delivered, and must not be tried again because of what comes after it.
 */
export function createAftermath(deps: {
  people: People
  names: KnownNames
  unread: Unread
  profiles: Profiles
  answers: Pick<Answers, 'heard'>
  journal: Journal
  report: RequestReport
  openLids: Pick<OpenLids, 'wrote'>
  conversations: Pick<Conversations, 'get'>
}): Aftermath {
  const { people, names, unread, profiles, openLids, conversations } = deps

  /** The author of a group message is a person of their own, with a name for later mentions. */
  async function learnAuthor(account: Account, { author }: Incoming): Promise<void> {
    const who = author === undefined ? undefined : whoWrote(author)
    if (who === undefined) return
    const chat = await people.resolve(account.id, who)
    await names.learn(account, chat, who, { own: author?.name })
  }

  /** Somebody whose number nobody knows may have one by now. */
  async function noteOpenLid(account: Account, { incoming, who, chat }: DeliveredMessage) {
    if (incoming.fromMe || who.lid === undefined || who.phone !== undefined) return
    const lid = openLidOf(await conversations.get(account.id, chat))
    if (lid !== undefined) await openLids.wrote(account.id, lid)
  }

  async function learnName(account: Account, { incoming, who, chat }: DeliveredMessage) {
    if (incoming.fromMe) return
    if (incoming.author !== undefined) return learnAuthor(account, incoming)
    if (who.address.kind !== 'phone' && who.address.kind !== 'lid') return
    await names.learn(account, chat, who, { own: incoming.pushName })
    const name = await names.find(account, who)
    if (name !== undefined) await profiles.offerName(account, chat, name)
  }

  return {
    async of(account, delivered) {
      const { incoming, chat, isNew, receivedAt } = delivered
      const { key, fromMe, message, at } = incoming
      const { lid } = delivered.who
      if (key !== undefined && !fromMe && !NOT_READ.has(message.content.kind)) {
        await unread.add(account.id, chat, { ...key.raw, id: key.id })
      }
      if (!fromMe && lid !== undefined && !NO_ANSWER.has(message.content.kind)) {
        await heardUnderLid(account, { chat, lid, by: writtenBy({ at, receivedAt }) }, deps)
      }
      await learnName(account, delivered)
      await noteOpenLid(account, delivered)
      if (isNew) await profiles.askPicture(account, chat)
    },
  }
}
