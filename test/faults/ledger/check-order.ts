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
    ...disorder(chat, 'in', shownPlaces(chat, ledgers)),
    ...disorder(chat, 'out', receivedPlaces(chat, ledgers)),
  ])
}

/** Where the messages of a chat are in Chatwoot, in the order in which they were written. */
function shownPlaces(chat: readonly Said[], { shown }: Ledgers): number[] {
  // Of two copies the first counts; that there are two is found elsewhere.
  const placeOf = new Map(
    shown.toReversed().map(({ sourceId, messageId }) => [sourceId, messageId]),
  )
  return chat.flatMap((one) => (one.by === 'agent' ? [] : (placeOf.get(one.keyId) ?? [])))
}

/** Where the parts of agents' messages are on the phone, in the order in which they were written. */
function receivedPlaces(chat: readonly Said[], { received }: Ledgers): number[] {
  return chat
    .filter((one) => one.by === 'agent')
    .toSorted((a, b) => a.messageId - b.messageId)
    .flatMap(({ parts }) => parts)
    .map((mark) => received.findIndex((message) => isOf(message, mark)))
    .filter((place) => place >= 0)
}

function disorder(
  chat: readonly Said[],
  direction: Finding['direction'],
  places: readonly number[],
): Finding[] {
  const [first] = chat
  const late = places.findIndex((place, index) => index > 0 && place < (places[index - 1] ?? 0))
  if (first === undefined || late < 0) return []
  const detail = `number ${late + 1} of ${places.length} is before the one that was said earlier`
  return [finding('disorder', direction, first, detail)]
}
