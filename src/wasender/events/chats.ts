import { z } from 'zod'
import { readAddresses } from './addresses.ts'
import type { ChatsEvent } from './chat-types.ts'
import { asList, compact, count, entriesOf, isObject, label, millis } from './fields.ts'
import { messageEvent } from './messages.ts'
import { type ReadEvent, unknownEvent, type WasenderEvent } from './types.ts'

const chatSchema = z.object({ name: label, unreadCount: count, conversationTimestamp: millis })

/**
 * `chats.upsert`, `chats.update` and `chats.delete`. Messages embedded in a chat become events of their own, because
 * sometimes they come by no other way (docs/platforms/wasender.md#chats-contacts-and-groups).
 */
export const readChats =
  (action: ChatsEvent['action']): ReadEvent =>
  (data, event) =>
    entriesOf(data, 'chats').flatMap((entry) => [
      ...embeddedMessages(entry, event),
      ...chatEvents(entry, action, event),
    ])

/** The `messages` of a chat, as bare messages or each below `message`. */
function embeddedMessages(entry: unknown, event: string): WasenderEvent[] {
  if (!isObject(entry) || !Object.hasOwn(entry, 'messages')) return []
  return asList(entry.messages).map((item) => {
    const inner = isObject(item) && !isObject(item.key) ? item.message : item
    return messageEvent(inner, event)
  })
}

function chatEvents(entry: unknown, action: ChatsEvent['action'], event: string): WasenderEvent[] {
  const chat = readAddresses(entry)
  if (chat === undefined) {
    const onlyMessages = isObject(entry) && Object.hasOwn(entry, 'messages')
    return onlyMessages ? [] : [unknownEvent(event, 'chat without an address')]
  }
  const { name, unreadCount, conversationTimestamp } = chatSchema.parse(
    isObject(entry) ? entry : {},
  )
  const fields = compact({ name, unread: unreadCount, at: conversationTimestamp })
  return [{ type: 'chats', action, chat, ...fields }]
}
