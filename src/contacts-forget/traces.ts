import type { Redis } from 'ioredis'
import type { Failures } from '../delivery/failures/failures.ts'
import { type Direction, type Lane, type Lanes, laneName, laneOf } from '../delivery/lanes/lanes.ts'
import type { OpenLids } from '../identity/open-lids.ts'
import { type AccountId, asId, type ChatId } from '../ids.ts'
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
  /** Their lanes, empty ones too. */
  lanes: Lane[]
  failures: string[]
  /** Names of keys in Redis. */
  memories: string[]
  /** LIDs whose number is asked for again. */
  openLids: string[]
}

const DIRECTIONS: readonly Direction[] = ['in', 'out', 'status']
const FAILURES_PAGE = 200

/** Looks everywhere: at every message the account knows, at every lane, dead letter and key. */
export async function tracesOf(deps: TracesDeps, person: Person): Promise<Traces> {
  return {
    person,
    ...(await inStore(deps.store, person)),
    ...(await inLanes(deps.lanes, person)),
    failures: await inFailures(deps.failures, person),
    memories: await memoriesOf(deps, person),
    openLids: await deps.openLids.among(person.account, lidsOf(person)),
  }
}

export function isNothing(found: Traces): boolean {
  const { links, aliases, chats, entries, failures, memories, openLids } = found
  const sizes = [links.size, aliases.size, chats.size]
  const rest = [entries, failures, memories, openLids].map(({ length }) => length)
  return [...sizes, ...rest].every((size) => size === 0)
}

async function inStore(store: Store, { account, names }: Person) {
  const found = {
    links: new Set<string>(),
    aliases: new Set<string>(),
    chats: new Set<string>(),
  }
  for await (const { id, value } of store.links.all()) {
    if (value.account === account && names.has(value.chat)) found.links.add(id)
  }
  for (const name of names) {
    const alias = storeKey.alias(account, name)
    if ((await store.aliases.get(alias)) !== undefined) found.aliases.add(alias)
    const chat = storeKey.chat(account, asId<ChatId>(name))
    if ((await store.chats.get(chat)) !== undefined) found.chats.add(chat)
  }
  return found
}

async function inLanes(
  lanes: TracesDeps['lanes'],
  person: Person,
): Promise<Pick<Traces, 'entries' | 'lanes'>> {
  const { account, names } = person
  const entries = new Map<string, { lane: Lane; id: string }>()
  const keys = laneKeysOf(person)
  for await (const lane of lanesOf(lanes, account)) {
    const isTheirs = keys.has(lane.key)
    for (const { id, event } of await lanes.entries(lane)) {
      if (isTheirs || isAbout(event, names)) entries.set(`${laneName(lane)} ${id}`, { lane, id })
    }
  }
  const theirs = DIRECTIONS.flatMap((direction) =>
    [...keys].map((key): Lane => ({ direction, account, key })),
  )
  return { entries: [...entries.values()], lanes: theirs }
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

/** An agent's messages go by the conversation until its chat is known. */
function laneKeysOf({ names, chats }: Person): Set<string> {
  const conversations = chats.flatMap(({ conversationId }) => conversationId ?? [])
  return new Set([...names, ...conversations.map((id) => `conversation:${id}`)])
}

async function inFailures(failures: Pick<Failures, 'list'>, person: Person): Promise<string[]> {
  const { account, names } = person
  const keys = laneKeysOf(person)
  const found: string[] = []
  let cursor: number | undefined
  do {
    const page = await failures.list({ accounts: [account], cursor, limit: FAILURES_PAGE })
    for (const { id, lane, entry } of page.failures) {
      if (keys.has(laneOf(lane).key) || isAbout(entry.event, names)) found.push(id)
    }
    cursor = page.cursor
  } while (cursor !== undefined)
  return found
}
