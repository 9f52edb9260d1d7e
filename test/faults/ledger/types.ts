/** One chat of one account: what must never be mixed up. */
export type ChatOf = {
  account: string
  /** E.164 with `+`. */
  phone: string
}

/** What makes a message itself: words that are in no other message, or the hash of a file no other message has. */
export type Mark = { text: string } | { sha256: string }

/** Whether the bridge has answered 2xx to a webhook that told of it. Asked at the end. */
type Accepted = () => boolean

/** Of the request that was answered 2xx, ms since 1970. */
export type Taken = { from: number; to: number }

/** Something written on WhatsApp: by the customer, or by the business on its own phone. */
export type Written = ChatOf & {
  by: 'customer' | 'phone'
  kind: string
  keyId: string
  mark: Mark | undefined
  /** When it was written, ms since 1970. */
  at?: number
  accepted: Accepted
  /** When the bridge took the first webhook that told of it. Asked at the end. */
  taken?: () => Taken | undefined
}

/** Something an agent wrote in Chatwoot; each part makes one WhatsApp message. */
export type Replied = ChatOf & {
  by: 'agent'
  kind: string
  /** Chatwoot's id. Two Chatwoots may use the same. */
  messageId: number
  parts: Mark[]
  accepted: Accepted
}

export type Said = Written | Replied

/** A message as Chatwoot shows it, without private notes and activity lines. */
export type Shown = ChatOf & {
  messageId: number
  sourceId: string | null
  incoming: boolean
  content: string
  sha256: string[]
  status: string
  /** Why it failed. */
  error: string | undefined
}

/** A message as the customer's phone has it, when it came from the business. */
export type Received = ChatOf & {
  keyId: string
  /** Typed on the business's phone. */
  typed: boolean
  text: string
  sha256: string | undefined
}

/** Both ledgers: per chat in the order in which the messages came. */
export type Ledgers = {
  shown: Shown[]
  received: Received[]
  /** Chats that have more than one contact or conversation, and what there is. */
  split: (ChatOf & { into: string })[]
}

/** A broken promise. */
export type Finding = {
  what: 'lost' | 'twice' | 'disorder' | 'wrong chat' | 'wrong content' | 'unexpected' | 'split chat'
  account: string
  phone: string
  direction: 'in' | 'out'
  detail: string
}
