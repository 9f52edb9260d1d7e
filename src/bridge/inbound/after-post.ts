import { z } from 'zod'
import type { Account } from '../../accounts/account.ts'
import { type Content, NO_MESSAGES } from '../../content/message/canonical.ts'
import type { Incoming } from '../../content/message/incoming.ts'
import type { AccountId, ChatId, KeyId } from '../../kernel/ids.ts'
import type { Conversations } from '../../people/conversations.ts'
import { type OpenLids, openLidOf } from '../../people/open-lids.ts'
import type { People } from '../../people/people.ts'
import type { Who } from '../../platforms/wasender/jid.ts'
import type { MessageKey } from '../../platforms/wasender/messages.ts'
import { redisKey } from '../../state/redis/keys.ts'
import { MEMORIES } from '../../state/redis/memories.ts'
import { createReadMemory, type RedisState } from '../../state/redis/memory.ts'
import { luaScript, runScript } from '../../state/redis/script.ts'
import { type Answers, writtenBy } from '../sends/echoes.ts'
import type { Journal } from '../sends/journal.ts'
import { heardUnderLid } from '../sends/receipts.ts'
import type { RequestReport } from '../sends/report-message.ts'
import { type KnownNames, whoWrote } from './known-names.ts'
import type { Profiles } from './profiles.ts'

/** What a delivered message leaves behind besides its link. */
export type AfterPost = {
  of(account: Account, delivered: DeliveredMessage): Promise<void>
}

type DeliveredMessage = {
  incoming: Incoming
  who: Who
  chat: ChatId
  /** The chat got its first conversation with this message; its contact may have been imported before. */
  isNew: boolean
  /** When the bridge was told of it, ms since 1970. */
  receivedAt: number
}

/** Kinds that do not show that somebody has read what was sent. */
const NO_ANSWER: ReadonlySet<Content['kind']> = new Set(['call', 'system'])

/**
 * Remembers names and what is unread, and asks for a new contact's picture. Nothing in here calls one of the platforms:
 * the message is delivered, and must not be tried again because of what comes after it.
 */
export function createAfterPost(deps: {
  people: People
  names: KnownNames
  unread: Unread
  profiles: Profiles
  answers: Pick<Answers, 'heard'>
  journal: Journal
  report: RequestReport
  openLids: Pick<OpenLids, 'wrote'>
  conversations: Pick<Conversations, 'get'>
}): AfterPost {
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
      if (key !== undefined && !fromMe && !NO_MESSAGES.has(message.content.kind)) {
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

/**
 * The latest messages of each chat that nobody has read yet, by the keys they came with: `/messages/read` wants those
 * back unchanged (docs/platforms/wasender.md#read-marks-and-typing).
 */
export type Unread = {
  add(account: AccountId, chat: ChatId, key: MessageKey): Promise<void>
  /** Oldest first. */
  list(account: AccountId, chat: ChatId): Promise<MessageKey[]>
  remove(account: AccountId, chat: ChatId, keyId: KeyId): Promise<void>
  clear(account: AccountId, chat: ChatId): Promise<void>
}

/** WhatsApp marks what lies before as read by itself; a few are enough to be sure. */
const KEEP = 10

/** KEYS list; ARGV key, how many are kept, for how many ms. */
const ADD = luaScript(
  `
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], -ARGV[2], -1)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`,
  z.literal(1),
)

export function createUnread(state: RedisState): Unread {
  const { redis, prefix } = state
  const { key: kind, keepForMs, value } = MEMORIES.unread
  const read = createReadMemory(state, MEMORIES.unread)
  const name = (account: AccountId, chat: ChatId) => redisKey(prefix, kind, account, chat)

  /** With what stands in the list, which is what takes it out again. */
  async function stored(account: AccountId, chat: ChatId) {
    const key = name(account, chat)
    const texts = await redis.lrange(key, 0, '-1')
    const found = texts.map(async (text) => {
      const remove = () => redis.lrem(key, 0, text)
      return { text, key: await read({ key, text, remove }) }
    })
    return Promise.all(found)
  }

  return {
    async list(account, chat) {
      const found = await stored(account, chat)
      return found.flatMap(({ key }) => key ?? [])
    },
    async add(account, chat, key) {
      await runScript(redis, ADD, [name(account, chat)], [value.write(key), KEEP, keepForMs])
    },
    async remove(account, chat, keyId) {
      const gone = (await stored(account, chat)).filter(({ key }) => key?.id === keyId)
      for (const { text } of gone) await redis.lrem(name(account, chat), 0, text)
    },
    async clear(account, chat) {
      await redis.del(name(account, chat))
    },
  }
}
