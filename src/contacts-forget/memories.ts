import type { Redis } from 'ioredis'
import { type Lane, laneOf } from '../delivery/lanes/lanes.ts'
import { isAbout } from './mentions.ts'
import { jidsOf, type Person } from './person.ts'

const PAGE = 1_000

/** What lanes, dead letters, jobs and the store have, which are looked through for themselves. */
const ELSEWHERE = ['store:', 'bull:', 'lane:', 'lanes:', 'failures:']

/** Short-lived memories that may hold an address inside: `{kind}:{account}:…` → JSON, or the key of a lane. */
const WITH_ADDRESS = ['claimed', 'last-lane']

/** What stands before a lane's name in the key by which BullMQ knows that the lane has a job. */
const JOB_OF = ':de:'

/** What in Redis is named after a person, besides lanes that hold something and dead letters. */
export type Memories = {
  /** Names of keys. */
  memories: string[]
  /** Lanes that have a job, maybe with nothing left in them. */
  jobs: Lane[]
}

export async function memoriesOf(
  { redis, prefix }: { redis: Redis; prefix: string },
  person: Person,
): Promise<Memories> {
  const needles = [...person.names, ...jidsOf(person)].map((name) => `:${name}`)
  const inside = WITH_ADDRESS.map((kind) => `${kind}:${person.account}:`)
  const memories = new Set<string>()
  const jobs: Lane[] = []

  const isNamedAfter = (name: string) =>
    name.includes(`:${person.account}`) && needles.some((needle) => endsWord(name, needle))

  async function isAboutThem(name: string): Promise<boolean> {
    if (isNamedAfter(name)) return true
    if (!inside.some((start) => name.startsWith(start))) return false
    const value = await redis.get(prefix + name)
    return value !== null && isAbout(readJson(value), person.names)
  }

  async function look(name: string): Promise<void> {
    const job = name.startsWith('bull:') ? name.split(JOB_OF)[1] : undefined
    if (job !== undefined && isNamedAfter(`:${job}`)) jobs.push(laneOf(job))
    if (ELSEWHERE.some((start) => name.startsWith(start))) return
    if (await isAboutThem(name)) memories.add(prefix + name)
  }

  for await (const key of keysOf(redis, prefix)) await look(key.slice(prefix.length))
  return { memories: [...memories], jobs }
}

async function* keysOf(redis: Redis, prefix: string): AsyncGenerator<string, void, undefined> {
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${globOf(prefix)}*`, 'COUNT', PAGE)
    yield* keys
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
