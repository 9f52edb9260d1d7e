import type { Redis } from 'ioredis'
import type { Failures } from '../delivery/failures/failures.ts'
import { type Direction, type Lane, type Lanes, laneName, laneOf } from '../delivery/lanes/lanes.ts'
import type { OpenLids } from '../identity/open-lids.ts'
import { type AccountId, asId, type ChatId, type KeyId } from '../ids.ts'
import { storeKey } from '../store/keys.ts'
import type { Store } from '../store/types.ts'
import { memoriesOf } from './memories.ts'
import { isAbout } from './mentions.ts'
import { lidsOf, type Person } from './person.ts'

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
