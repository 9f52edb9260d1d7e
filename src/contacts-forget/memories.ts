import type { Redis } from 'ioredis'
import { isAbout } from './mentions.ts'
import { jidsOf, type Person } from './person.ts'

const PAGE = 1_000

/** What lanes, dead letters, jobs and the store have, which are looked through for themselves. */
const ELSEWHERE = ['store:', 'bull:', 'lane:', 'lanes:', 'failures:']

/** Short-lived memories that may hold an address inside: `{kind}:{account}:…` → JSON, or the key of a lane. */
const WITH_ADDRESS = ['claimed', 'last-lane']

/** Names of the keys in Redis, besides those of lanes and dead letters, that are about a person. */
export async function memoriesOf(
  { redis, prefix }: { redis: Redis; prefix: string },
  person: Person,
): Promise<string[]> {
  const needles = [...person.names, ...jidsOf(person)].map((name) => `:${name}`)
  const inside = WITH_ADDRESS.map((kind) => `${kind}:${person.account}:`)

  const isNamedAfter = (name: string) =>
    name.includes(`:${person.account}`) && needles.some((needle) => endsWord(name, needle))

  async function isWithin(key: string): Promise<boolean> {
    const value = await redis.get(key)
    return value !== null && isAbout(readJson(value), person.names)
  }

  const found = new Set<string>()
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${globOf(prefix)}*`, 'COUNT', PAGE)
    for (const key of keys) {
      const name = key.slice(prefix.length)
      if (ELSEWHERE.some((start) => name.startsWith(start))) continue
      const mayHold = inside.some((start) => name.startsWith(start))
      if (isNamedAfter(name) || (mayHold && (await isWithin(key)))) found.add(key)
    }
    cursor = next
  } while (cursor !== '0')
  return [...found]
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
