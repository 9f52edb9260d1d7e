import type { Redis } from 'ioredis'
import { type AccountId, asId, type ChatId, type KeyId } from '../../kernel/ids.ts'
import type { OpenLids } from '../../people/open-lids.ts'
import type { Failures } from '../../queue/dead-letters/failures.ts'
import { type Direction, type Lane, laneName, laneOf } from '../../queue/entry.ts'
import type { Lanes } from '../../queue/lanes.ts'
import { keyStart } from '../../state/redis/keys.ts'
import { MEMORIES } from '../../state/redis/memories.ts'
import { storeKey } from '../../state/store/keys.ts'
import type { Store } from '../../state/store/types.ts'
import { isAbout, jidsOf, lidsOf, type Person } from './person.ts'

export type TracesDeps = {
  store: Store
  redis: Redis
  prefix: string
  lanes: Pick<Lanes, 'page' | 'entries'>
  failures: Pick<Failures, 'list'>
  openLids: Pick<OpenLids, 'among'>
}

/** All that is kept of a person, by the ids it is kept under. */
export type Traces = {
  person: Person
  links: Set<string>
  aliases: Set<string>
  chats: Set<string>
  entries: { lane: Lane; id: string }[]
  failures: string[]
  /** Names of keys in Redis. */
  memories: string[]
  /** Lanes named after them that have a job, maybe with nothing left in them. */
  jobs: Lane[]
  /** LIDs whose number is asked for again. */
  openLids: string[]
}

const DIRECTIONS: readonly Direction[] = ['in', 'out', 'status']
const FAILURES_PAGE = 200

/** Looks everywhere: at every message the account knows, at every lane, dead letter and key. */
export async function tracesOf(deps: TracesDeps, person: Person): Promise<Traces> {
  const { messages, ...stored } = await inStore(deps.store, person)
  return {
    person,
    ...stored,
    entries: await inLanes(deps.lanes, person),
    failures: await inFailures(deps.failures, person),
    ...(await memoriesOf(deps, person, messages)),
    openLids: await deps.openLids.among(person.account, lidsOf(person)),
  }
}

export function isNothing(found: Traces): boolean {
  const { links, aliases, chats, entries, failures, memories, jobs, openLids } = found
  const sizes = [links.size, aliases.size, chats.size]
  const rest = [entries, failures, memories, jobs, openLids].map(({ length }) => length)
  return [...sizes, ...rest].every((size) => size === 0)
}

async function inStore(store: Store, { account, names }: Person) {
  const found = {
    links: new Set<string>(),
    aliases: new Set<string>(),
    chats: new Set<string>(),
    messages: new Set<KeyId>(),
  }
  for await (const { id, value } of store.links.all()) {
    if (value.account !== account || !names.has(value.chat)) continue
    found.links.add(id)
    if (value.keyId !== undefined) found.messages.add(value.keyId)
  }
  for (const name of names) {
    const alias = storeKey.alias(account, name)
    if ((await store.aliases.get(alias)) !== undefined) found.aliases.add(alias)
    const chat = storeKey.chat(account, asId<ChatId>(name))
    if ((await store.chats.get(chat)) !== undefined) found.chats.add(chat)
  }
  return found
}

async function inLanes(lanes: TracesDeps['lanes'], person: Person): Promise<Traces['entries']> {
  const { account, names } = person
  const entries = new Map<string, { lane: Lane; id: string }>()
  const isOf = laneOfPerson(person)
  for await (const lane of lanesOf(lanes, account)) {
    const isTheirs = isOf(lane)
    for (const { id, event } of await lanes.entries(lane)) {
      if (isTheirs || isAbout(event, names)) entries.set(`${laneName(lane)} ${id}`, { lane, id })
    }
  }
  return [...entries.values()]
}

async function* lanesOf(
  lanes: Pick<Lanes, 'page'>,
  account: AccountId,
): AsyncGenerator<Lane, void, undefined> {
  for (const direction of DIRECTIONS) {
    let cursor = '0'
    do {
      const page = await lanes.page(direction, account, cursor)
      yield* page.lanes
      cursor = page.cursor
    } while (cursor !== '0')
  }
}

/**
 * Whether a lane is of a person: that of their chat, also with a word in front (`profile:…`), or that of their
 * conversation, by which an agent's messages go until the chat is known.
 */
function laneOfPerson({ names, chats }: Person): (lane: Lane) => boolean {
  const conversations = chats.flatMap(({ conversationId }) => conversationId ?? [])
  const keys = new Set([...names, ...conversations.map((id) => `conversation:${id}`)])
  return ({ key }) => keys.has(key) || keys.has(key.slice(key.indexOf(':') + 1))
}

async function inFailures(failures: Pick<Failures, 'list'>, person: Person): Promise<string[]> {
  const { account, names } = person
  const isOf = laneOfPerson(person)
  const found: string[] = []
  let cursor: number | undefined
  do {
    const page = await failures.list({ accounts: [account], cursor, limit: FAILURES_PAGE })
    for (const { id, lane, entry } of page.failures) {
      if (isOf(laneOf(lane)) || isAbout(entry.event, names)) found.push(id)
    }
    cursor = page.cursor
  } while (cursor !== undefined)
  return found
}

const PAGE = 1_000

/** What lanes, dead letters, jobs and the store have, which are looked through for themselves. */
const ELSEWHERE = (['store', 'bull', 'laneOrder', 'laneIndex', 'deadLetters'] as const).map((key) =>
  keyStart(key),
)

/** What the keys of the memories begin with in which a person is found in this way. */
function startsOf(personIn: 'value' | 'message', account: AccountId): string[] {
  const kinds = Object.values(MEMORIES).filter((kind) => kind.personIn === personIn)
  return kinds.map(({ key }) => keyStart(key, account))
}

const BULL = keyStart('bull')

/** What stands before a lane's name in the key by which BullMQ knows that the lane has a job. */
const JOB_OF = ':de:'

/** What in Redis is named after a person, besides lanes that hold something and dead letters. */
type Memories = {
  /** Names of keys. */
  memories: string[]
  /** Lanes that have a job, maybe with nothing left in them. */
  jobs: Lane[]
}

/** `messages`: WhatsApp's ids of what they wrote, under which some memories are kept. */
async function memoriesOf(
  { redis, prefix }: { redis: Redis; prefix: string },
  person: Person,
  messages: ReadonlySet<KeyId>,
): Promise<Memories> {
  const { account, names } = person
  const needles = [...names, ...jidsOf(person)].map((name) => `:${name}`)
  const inside = startsOf('value', account)
  const ofMessages = new Set(
    startsOf('message', account).flatMap((start) => [...messages].map((id) => start + id)),
  )
  const memories = new Set<string>()
  const jobs: Lane[] = []

  const isNamedAfter = (name: string) =>
    name.includes(`:${account}:`) && needles.some((needle) => endsWord(name, needle))
  const isTheirs = (name: string) => ofMessages.has(name) || isNamedAfter(name)

  /** Those of many keys that hold one of their addresses, for one question to Redis. */
  async function holding(many: readonly string[]): Promise<string[]> {
    const some = many.filter((name) => inside.some((start) => name.startsWith(start)))
    if (some.length === 0) return []
    const values = await redis.mget(some.map((name) => prefix + name))
    return some.filter((_, index) => isAbout(readJson(values[index] ?? ''), names))
  }

  for await (const page of pagesOf(redis, prefix)) {
    for (const name of page) {
      const job = name.startsWith(BULL) ? name.split(JOB_OF)[1] : undefined
      if (job !== undefined && isNamedAfter(`:${job}`)) jobs.push(laneOf(job))
    }
    const small = page.filter((name) => !ELSEWHERE.some((start) => name.startsWith(start)))
    for (const name of [...small.filter(isTheirs), ...(await holding(small))]) {
      memories.add(prefix + name)
    }
  }
  return { memories: [...memories], jobs }
}

/** All keys of the bridge without their prefix, a page at a time. */
async function* pagesOf(redis: Redis, prefix: string): AsyncGenerator<string[], void, undefined> {
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${globOf(prefix)}*`, 'COUNT', PAGE)
    yield keys.map((key) => key.slice(prefix.length))
    cursor = next
  } while (cursor !== '0')
}

/** Whether a name holds this part, and no longer number or word that begins with it. */
function endsWord(name: string, part: string): boolean {
  const at = name.indexOf(part)
  return at >= 0 && !/^[\w@.]/.test(name.slice(at + part.length))
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function globOf(text: string): string {
  return text.replace(/[*?[\]\\]/g, '\\$&')
}
