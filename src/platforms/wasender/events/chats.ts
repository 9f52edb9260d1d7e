import { z } from 'zod'
import { anything, asList, compact, count, entriesOf, isObject, label, millis } from './fields.ts'
import { readAddresses } from './key.ts'
import { messageEvent } from './messages.ts'
import {
  type ChatsEvent,
  type ContactsEvent,
  type ReadEvent,
  unknownEvent,
  type WasenderEvent,
} from './types.ts'

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

const contactSchema = z.object({
  name: label,
  notify: label,
  verifiedName: label,
  status: label,
  imgUrl: anything,
})

/**
 * `contacts.upsert` and `contacts.update`, under `jid`, `id` or `lid`
 * (docs/platforms/wasender.md#chats-contacts-and-groups).
 */
export const readContacts =
  (action: ContactsEvent['action']): ReadEvent =>
  (data, event) =>
    entriesOf(data, 'contacts').map((entry) => contactEvent(entry, action, event))

function contactEvent(
  entry: unknown,
  action: ContactsEvent['action'],
  event: string,
): WasenderEvent {
  const contact = readAddresses(entry)
  if (contact === undefined) return unknownEvent(event, 'contact without an address')
  const { name, notify, verifiedName, status, imgUrl } = contactSchema.parse(
    isObject(entry) ? entry : {},
  )
  const picture = readPicture(imgUrl)
  return {
    type: 'contacts',
    action,
    contact,
    ...compact({ name, notify, verifiedName, about: status, picture }),
  }
}

/** A URL, or only the news that there is another picture or none. */
function readPicture(imgUrl: unknown): ContactsEvent['picture'] {
  if (imgUrl === null || imgUrl === 'removed') return { kind: 'removed' }
  if (imgUrl === 'changed') return { kind: 'changed' }
  if (typeof imgUrl !== 'string' || !URL.canParse(imgUrl)) return undefined
  return { kind: 'url', url: imgUrl }
}
