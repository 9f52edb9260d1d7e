import { readAddresses } from './addresses.ts'
import { entriesOf, isObject } from './fields.ts'
import { readKey } from './key.ts'
import { type ReadEvent, unknownEvent, type WasenderEvent } from './types.ts'

/** `messages.delete`: keys of deleted messages, or a whole chat cleared (docs/platforms/wasender.md#deletions). */
export const readDeletes: ReadEvent = (data, event) =>
  entriesOf(data, 'keys', 'messages').map((entry) => deleteEvent(entry, event))

function deleteEvent(entry: unknown, event: string): WasenderEvent {
  if (isObject(entry) && (entry.all === true || entry.all === 'true')) {
    const chat = readAddresses(entry)
    return chat === undefined
      ? unknownEvent(event, 'cleared chat without an address')
      : { type: 'chat-cleared', chat }
  }
  const key = readKey(isObject(entry) && isObject(entry.key) ? entry.key : entry)
  if (key === undefined) return unknownEvent(event, 'deleted message without a usable key')
  return { type: 'revoked', key, via: event }
}
