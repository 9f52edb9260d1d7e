import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { expect } from 'vitest'
import type { ChatwootStandIn } from '../../sandbox/chatwoot/server.ts'
import type { WasenderStandIn } from '../../sandbox/wasender/server.ts'
import type { LogLine } from './bridge-process.ts'
import { startRedis } from './redis.ts'
import { startWorld, type World } from './world.ts'

const FIXTURE = join(import.meta.dirname, '../fixtures/upgrade')
/** Stands in the fixture for the Chatwoot of whoever reads it. */
const CHATWOOT = 'chatwoot.example.com'

/** What the platforms knew when the earlier release was killed. Times are ms since 1970. */
type Platforms = {
  at: number
  people: { name: string; phone: string; lid: string; hidePhone?: boolean }[]
  contacts: {
    id: number
    at: number
    name: string
    identifier: string
    sourceId: string
    phone?: string
  }[]
  conversations: { id: number; at: number; contactId: number; attributes: object }[]
  messages: {
    id: number
    at: number
    conversationId: number
    by: 'agent' | 'bridge'
    type: string
    content: string
    sourceId?: string
    inReplyTo?: number
    status?: string
    error?: string
  }[]
  wrote: { keyId: string; at: number; phone: string; text: string }[]
  sent: { msgId: number; keyId: string; at: number; to: string; text: string; ack: number }[]
}

type RedisDump = Record<string, { type: string; ttl?: number; value: unknown }>

/** A world in which the earlier release was killed a moment ago, and this one has been started in its place. */
export type UpgradedWorld = World & {
  /** Somebody by the name in the fixture. */
  person(name: string): ReturnType<WasenderStandIn['person']> & { phone: string }
  /** Starts the bridge again, with all clocks so many ms ahead. */
  later(ms: number): Promise<void>
  /** Everything that the bridges logged. */
  log(): LogLine[]
}

export async function startUpgradedWorld(config: Record<string, unknown>): Promise<UpgradedWorld> {
  const platforms: Platforms = await readFixture('platforms.json')
  // Times are shown at which things were made, then it goes on where the earlier release ended.
  let setTo: number | undefined
  let shift = 0
  const clock = { now: () => setTo ?? Date.now() + shift }
  const redis = await startRedis({ durable: true })
  await loadRedis(redis.url)
  const world = await startWorld({
    options: { operatorConversation: true },
    config: { redis: { url: redis.url }, ...config },
    // Another seed than the fixture was made with: new messages get ids of their own.
    wasender: { clock, seed: 2 },
    chatwoot: { clock, frontendUrl: 'https://chat.example.com', messagesPerMinute: 1_000_000 },
    aheadMs: () => shift,
    async before({ wasender, chatwoot, dir }) {
      const at = (ms: number) => {
        setTo = ms
      }
      await fillChatwoot(chatwoot, platforms, at)
      fillWhatsApp(wasender, platforms, at)
      await cp(join(FIXTURE, 'files'), join(dir, 'data'), { recursive: true })
      await nameChatwoot(join(dir, 'data/store/accounts'), chatwoot.url)
      setTo = undefined
      shift = platforms.at - Date.now()
    },
  })
  const { close } = world
  const ended: LogLine[] = []
  return Object.assign(world, {
    person(name: string) {
      const found = platforms.people.find((each) => each.name === name)
      if (found === undefined) throw new Error(`There is no ${name}`)
      return { ...world.wasender.person(found), phone: found.phone }
    },
    log: () => [...ended, ...world.bridge.log],
    async later(ms: number) {
      await world.bridge.stop()
      ended.push(...world.bridge.log)
      shift += ms
      await world.restart()
    },
    async close() {
      await close()
      await redis.stop()
    },
  })
}

async function readFixture<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(join(FIXTURE, name), 'utf8')) as T
}

/** Everything is there as it was; what has a time to live has as much of it left. */
async function loadRedis(url: string): Promise<void> {
  const dump: RedisDump = await readFixture('redis.json')
  const redis = new Redis(url)
  for (const [key, { type, ttl, value }] of Object.entries(dump)) {
    if (type === 'string') await redis.set(key, value as string)
    else if (type === 'hash') await redis.hset(key, value as Record<string, string>)
    else if (type === 'list') await redis.rpush(key, ...(value as string[]))
    else if (type === 'set') await redis.sadd(key, ...(value as string[]))
    else if (type === 'zset') await addScored(redis, key, (value as string[]).flat())
    else throw new Error(`The fixture holds a ${type}`)
    if (ttl !== undefined) await redis.pexpire(key, ttl)
  }
  redis.disconnect()
}

async function addScored(redis: Redis, key: string, pairs: string[]): Promise<void> {
  for (let n = 0; n < pairs.length; n += 2) {
    await redis.zadd(key, pairs[n + 1] ?? '', pairs[n] ?? '')
  }
}

/** The bridge keeps to the Chatwoot that what it knows is about. */
async function nameChatwoot(folder: string, url: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replaceAll(CHATWOOT, new URL(url).host))
  }
}

type At = (ms: number) => void

/** Made in the order of their numbers, so that each gets the one it had. */
async function fillChatwoot(chatwoot: ChatwootStandIn, told: Platforms, at: At): Promise<void> {
  const inboxId = chatwoot.inboxes()[0]?.id
  async function api(method: string, path: string, body: object): Promise<void> {
    const answer = await fetch(`${chatwoot.url}/api/v1/accounts/1/${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', api_access_token: chatwoot.adminToken },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  }
  for (const { name, identifier, phone, sourceId, ...made } of told.contacts) {
    at(made.at)
    const numbered = phone === undefined ? {} : { phone_number: phone }
    const contact = { name, identifier, ...numbered, inbox_id: inboxId, source_id: sourceId }
    await api('POST', 'contacts', contact)
  }
  for (const { contactId, attributes, ...made } of told.conversations) {
    at(made.at)
    await api('POST', 'conversations', {
      inbox_id: inboxId,
      contact_id: contactId,
      source_id: told.contacts.find(({ id }) => id === contactId)?.sourceId,
      additional_attributes: attributes,
    })
  }
  for (const message of told.messages) {
    at(message.at)
    const { id, conversationId, content, inReplyTo, status, error } = message
    const quote = inReplyTo === undefined ? {} : { inReplyTo }
    const path = `conversations/${conversationId}/messages`
    if (message.by === 'agent') await chatwoot.agent().reply(conversationId, content, quote)
    else {
      const { type, sourceId } = message
      await api('POST', path, { content, message_type: type, source_id: sourceId })
    }
    if (status !== undefined) {
      await api('PATCH', `${path}/${id}`, { status, external_error: error })
    }
  }
  const numbers = (rows: readonly { id: number }[]) => rows.map(({ id }) => id)
  expect(numbers(chatwoot.contacts())).toEqual(numbers(told.contacts))
  expect(numbers(chatwoot.allMessages())).toEqual(numbers(told.messages))
}

function fillWhatsApp(wasender: WasenderStandIn, told: Platforms, at: At): void {
  const people = new Map(told.people.map((each) => [each.phone, wasender.person(each)]))
  for (const { keyId, phone, text, ...wrote } of told.wrote) {
    at(wrote.at)
    people.get(phone)?.sendText(text, { keyId, events: [] })
  }
  for (const { msgId, keyId, to, text, ack, ...sent } of told.sent) {
    at(sent.at)
    expect(wasender.sentBefore({ keyId, to, text, ack }).msgId).toBe(msgId)
  }
}
