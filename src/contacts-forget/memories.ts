import type { Redis } from 'ioredis'
import { type Lane, laneOf } from '../delivery/lanes/lanes.ts'
import type { KeyId } from '../ids.ts'
import { isAbout } from './mentions.ts'
import { jidsOf, type Person } from './person.ts'

const PAGE = 1_000

/** What lanes, dead letters, jobs and the store have, which are looked through for themselves. */
const ELSEWHERE = ['store:', 'bull:', 'lane:', 'lanes:', 'failures:']

/** Short-lived memories that may hold an address inside: `{kind}:{account}:…` → JSON, or the key of a lane. */
const WITH_ADDRESS = ['claimed', 'last-lane']

/** The better file of a picture, `{kind}:{account}:{message}`, which nobody's address is in. */
const OF_MESSAGE = 'twin'

/** What stands before a lane's name in the key by which BullMQ knows that the lane has a job. */
const JOB_OF = ':de:'

/** What in Redis is named after a person, besides lanes that hold something and dead letters. */
export type Memories = {
  /** Names of keys. */
  memories: string[]
  /** Lanes that have a job, maybe with nothing left in them. */
  jobs: Lane[]
}

/** `messages`: WhatsApp's ids of what they wrote, under which some memories are kept. */
export async function memoriesOf(
  { redis, prefix }: { redis: Redis; prefix: string },
  person: Person,
  messages: ReadonlySet<KeyId>,
): Promise<Memories> {
  const { account, names } = person
  const needles = [...names, ...jidsOf(person)].map((name) => `:${name}`)
  const inside = WITH_ADDRESS.map((kind) => `${kind}:${account}:`)
  const ofMessages = new Set([...messages].map((id) => `${OF_MESSAGE}:${account}:${id}`))
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
      const job = name.startsWith('bull:') ? name.split(JOB_OF)[1] : undefined
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
