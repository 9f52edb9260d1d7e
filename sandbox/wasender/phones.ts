import type { Changes } from './changes.ts'
import type { MessageNode } from './nodes.ts'

/** One message on a person's phone. */
export type PhoneMessage = {
  keyId: string
  /** Of messages the API sent. */
  msgId?: number | undefined
  sessionId: number
  /** `received` came from the business, `sent` was written by this person. */
  direction: 'received' | 'sent'
  /** The group's JID, or the person's own PN JID in a direct chat. */
  chat: string
  /** As the person sees it: text, image, video, voice, audio, document, sticker, contact, location, poll, … */
  kind: string
  /** Text or caption, after edits. */
  text?: string | undefined
  /** Where the API was told to fetch the media. */
  url?: string | undefined
  media?: { mimetype: string; fileName?: string; bytes: number; sha256: string } | undefined
  contact?: { name: string; phone: string } | undefined
  location?: { latitude: number; longitude: number; name?: string; address?: string } | undefined
  poll?: { question: string; options: string[]; multiSelect: boolean } | undefined
  /** Key id of the quoted message. */
  quoted?: string | undefined
  mentions?: string[] | undefined
  viewOnce?: boolean | undefined
  /** Typed on the business's own phone, not sent through the API. */
  typed?: boolean | undefined
  node: MessageNode
  /** Milliseconds since 1970. */
  at: number
  editedAt?: number | undefined
  deletedAt?: number | undefined
  /** When the other side read it. */
  readAt?: number | undefined
}

/** What is on the phones of all simulated people. */
export type Phones = {
  add(phone: string, message: PhoneMessage): void
  /** Everything on one phone, oldest first. */
  chat(phone: string): readonly PhoneMessage[]
  find(keyId: string): PhoneMessage | undefined
  /** Changes the message on every phone that has it (a group message is on several). */
  change(keyId: string, changes: Partial<PhoneMessage>): void
}

export function createPhones(changes: Changes): Phones {
  const chats = new Map<string, PhoneMessage[]>()
  const copies = new Map<string, { phone: string; message: PhoneMessage }[]>()

  return {
    add: (phone, message) => {
      append(chats, phone, message)
      append(copies, message.keyId, { phone, message })
      changes.emit({ kind: 'message', phone, message })
    },
    chat: (phone) => chats.get(phone) ?? [],
    find: (keyId) => copies.get(keyId)?.[0]?.message,
    change: (keyId, update) => {
      for (const { phone, message } of copies.get(keyId) ?? []) {
        Object.assign(message, update)
        changes.emit({ kind: 'message-changed', phone, message })
      }
    },
  }
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}
