import type { Random } from '../../../sandbox/wasender/random.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Holder = Json[] | { [key: string]: Json }
/** One value in a body and where it is. */
type Spot = { holder: Holder; key: string | number }

const MAX_SPOTS = 400
/** Characters of something repeated: whoever makes larger ones keeps the others waiting until their connections end. */
const MAX_REPEATED = 2_000_000

/** A body with a few things wrong: as text, because some of it is no JSON any more. */
export function mutate(body: unknown, random: Random): Uint8Array<ArrayBuffer> {
  const copy = { root: structuredClone(body) as Json }
  for (let left = random.between(1, 4); left > 0; left -= 1) change(copy, random)
  const bytes = new TextEncoder().encode(JSON.stringify(copy.root) ?? '')
  return random.next() < 0.15 ? brokenBytes(bytes, random) : bytes
}

const pick = <T>(items: readonly T[], random: Random): T =>
  items[random.between(0, items.length - 1)] as T

/** Values that nobody expects anywhere. */
const ODD: ((random: Random) => Json)[] = [
  () => null,
  () => true,
  () => '',
  () => 0,
  () => -1,
  () => 1e308,
  () => Number.MAX_SAFE_INTEGER,
  () => 0.1,
  () => [],
  () => ({}),
  () => [[[[]]]],
  () => ({ low: -1, high: 2 ** 31, unsigned: 'no' }),
  () => ({ type: 'Buffer', data: [255, 0, 300] }),
  () => 'x'.repeat(20_000),
  () => '\u0000\ud800\u202e\ufeff',
  () => '../../etc/passwd',
  () => 'https://127.0.0.1:1/private',
  () => '@s.whatsapp.net',
  () => '999999999999999999999999@lid',
  () => '{{contact.name}} {% if %}',
  () => 'NaN',
  () => '2026-13-45T99:99:99Z',
  (random) => nested(random.between(10, 2_000)),
  (random) => random.between(-(2 ** 31), 2 ** 31),
  (random) => String(random.between(-(2 ** 31), 2 ** 31)),
]

const CHANGES: ((spot: Spot, random: Random, all: readonly Spot[]) => void)[] = [
  (spot, random) => put(spot, pick(ODD, random)(random)),
  ({ holder, key }) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1)
    else delete holder[key]
  },
  // Somewhere else's value.
  (spot, random, all) => put(spot, copyOf(read(pick(all, random)))),
  // The same again and again.
  (spot, random) => {
    const text = JSON.stringify(read(spot))
    const times = Math.min(random.between(0, 60), Math.floor(MAX_REPEATED / text.length))
    put(
      spot,
      Array.from({ length: times }, () => JSON.parse(text) as Json),
    )
  },
  // Under another name.
  ({ holder, key }, random) => {
    if (Array.isArray(holder)) return
    const name = pick(['__proto__', 'constructor', 'toString', '', key + String(key), 'id'], random)
    Object.defineProperty(holder, name, {
      value: holder[key],
      enumerable: true,
      configurable: true,
    })
  },
  // Another type of the same.
  (spot) => {
    const value = read(spot)
    put(spot, typeof value === 'string' ? Number(value) || 7 : JSON.stringify(value))
  },
  (spot) => put(spot, [read(spot)]),
  (spot) => put(spot, { value: read(spot) }),
]

function change(body: { root: Json }, random: Random): void {
  const spots = spotsIn(body as Holder)
  // The whole body is gone already.
  if (spots.length === 0) return
  pick(CHANGES, random)(pick(spots, random), random, spots)
}

/** Every value in a body, itself included. */
function spotsIn(root: Holder): Spot[] {
  const spots: Spot[] = []
  const holders: Holder[] = [root]
  for (let holder = holders.shift(); holder && spots.length < MAX_SPOTS; holder = holders.shift()) {
    for (const key of Object.keys(holder)) {
      const spot = { holder, key }
      spots.push(spot)
      const value = read(spot)
      if (typeof value === 'object' && value !== null) holders.push(value)
    }
  }
  return spots
}

function read({ holder, key }: Spot): Json {
  return (holder as { [key: string]: Json })[key] ?? null
}

function put({ holder, key }: Spot, value: Json): void {
  const field = { value, enumerable: true, configurable: true, writable: true }
  Object.defineProperty(holder, key, field)
}

/** By way of its text: `structuredClone` runs out of stack at half the depth a few changes can make. */
function copyOf(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}

function nested(depth: number): Json {
  let value: Json = 'deep'
  for (let left = depth; left > 0; left -= 1) value = left % 2 === 0 ? [value] : { down: value }
  return value
}

function brokenBytes(bytes: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> {
  if (random.next() < 0.5) return bytes.slice(0, random.between(0, bytes.length))
  const broken = bytes.slice()
  for (let left = random.between(1, 8); left > 0 && broken.length > 0; left -= 1) {
    broken[random.between(0, broken.length - 1)] = random.between(0, 255)
  }
  return broken
}
