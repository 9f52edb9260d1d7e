import { chatName, finding, isOf } from './marks.ts'
import type { Finding, Ledgers, Said } from './types.ts'

/**
 * Whether each chat has its messages in the order in which they were said. Only accepted ones count: what the bridge was
 * not there to accept may come when somebody says it again.
 */
export function checkOrder(said: readonly Said[], ledgers: Ledgers): Finding[] {
  const chats = Map.groupBy(
    said.filter((one) => one.accepted()),
    chatName,
  )
  return [...chats.values()].flatMap((chat) => [
    ...disorder('in', shownPlaces(chat, ledgers)),
    ...disorder('out', receivedPlaces(chat, ledgers)),
  ])
}

/** A message, and where it is on the other side. */
type Placed = { one: Said; place: number }

/** The messages of a chat in the order in which they were written. */
function shownPlaces(chat: readonly Said[], { shown }: Ledgers): Placed[] {
  // Of two copies the first counts; that there are two is found elsewhere.
  const placeOf = new Map(
    shown.toReversed().map(({ sourceId, messageId }) => [sourceId, messageId]),
  )
  return chat.flatMap((one) => {
    const place = one.by === 'agent' ? undefined : placeOf.get(one.keyId)
    return place === undefined ? [] : [{ one, place }]
  })
}

/** The parts of agents' messages in the order in which they were written. */
function receivedPlaces(chat: readonly Said[], { received }: Ledgers): Placed[] {
  return chat
    .filter((one) => one.by === 'agent')
    .toSorted((a, b) => a.messageId - b.messageId)
    .flatMap((one) => one.parts.map((mark) => ({ one, mark })))
    .map(({ one, mark }) => ({ one, place: received.findIndex((each) => isOf(each, mark)) }))
    .filter(({ place }) => place >= 0)
}

/** For each message the nearest one said before it that should be before it, and is not. */
function disorder(direction: Finding['direction'], placed: readonly Placed[]): Finding[] {
  return placed.flatMap(({ one, place }, index) => {
    const before = placed
      .slice(0, index)
      .findLast((earlier) => earlier.place > place && isOwed(earlier.one, one))
    if (before === undefined) return []
    const detail = `${nameOf(one)} came before ${nameOf(before.one)}, which was said earlier`
    return [finding('disorder', direction, one, detail)]
  })
}

const LIVE_MS = 2_000
/** As docs/guarantees.md says of webhooks that overtake each other. */
const waitOf = (ageMs: number) => (Math.abs(ageMs) <= LIVE_MS ? 150 : 1_000)
const secondOf = (at: number) => Math.floor(at / 1_000)

/**
 * Whether the order of two messages is promised. That of agents' messages always is, since Chatwoot is asked. What comes
 * from WhatsApp is sorted by its seconds as far as one webhook comes within the wait of the other, else by arrival.
 */
function isOwed(first: Said, second: Said): boolean {
  if (first.by === 'agent' || second.by === 'agent') return true
  const [a, b] = [first.taken?.(), second.taken?.()]
  if (a === undefined || b === undefined || first.at === undefined || second.at === undefined) {
    return true
  }
  if (secondOf(first.at) === secondOf(second.at)) return a.to <= b.from
  return a.to <= b.from + waitOf(b.from - secondOf(second.at) * 1_000)
}

/** By ids only, which is enough to find it. */
function nameOf(one: Said): string {
  return `${one.by} ${one.kind} ${one.by === 'agent' ? one.messageId : one.keyId}`
}
