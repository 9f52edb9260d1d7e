import type { Clock } from '../../src/kernel/clock.ts'
import type { BlobStore } from './blobs.ts'
import type { Change } from './changes.ts'
import type { Random } from './random.ts'
import type { Signal } from './signal.ts'
import type {
  Account,
  AccountWebhook,
  AgentBot,
  Contact,
  ContactInbox,
  Conversation,
  Inbox,
  Message,
  User,
} from './types.ts'
import type { Feature } from './versions.ts'

/** What is counted over the whole installation; conversations are counted per account. */
const FIRST_ID = {
  account: 1,
  user: 5,
  bot: 3,
  inbox: 7,
  channel: 3,
  webhook: 11,
  contact: 42,
  contactInbox: 88,
  conversationPk: 100_015,
  message: 1201,
  attachment: 301,
}

export type Counter = keyof typeof FIRST_ID

/** The database of the stand-in and what every part of it needs. */
export type World = {
  readonly version: string
  readonly has: (feature: Feature) => boolean
  readonly clock: Clock
  readonly random: Random
  readonly blobs: BlobStore
  readonly signal: Signal
  readonly messagesPerMinute: number
  /** Origin of every address Chatwoot writes, the server's `FRONTEND_URL`. */
  frontendUrl: string
  readonly accounts: Map<number, Account>
  readonly users: Map<number, User>
  readonly bots: Map<number, AgentBot>
  readonly inboxes: Map<number, Inbox>
  readonly webhooks: Map<number, AccountWebhook>
  readonly contacts: Map<number, Contact>
  readonly contactInboxes: Map<number, ContactInbox>
  readonly conversations: Map<number, Conversation>
  /** Conversations that crash whatever shows them: an attachment has lost its file. */
  readonly broken: Set<Conversation>
  readonly messages: Map<number, Message>
  /** Conversations by `{account id}:{display id}`. */
  readonly displayIndex: Map<string, Conversation>
  /** Contact inboxes by `{inbox id}:{source id}`. */
  readonly sourceIndex: Map<string, ContactInbox>
  /** Messages of each conversation by its primary key, oldest first. */
  readonly threads: Map<number, Message[]>
  nextId(counter: Counter): number
  /** The next display id of an account. */
  nextDisplayId(accountId: number): number
  /** Announces a change that webhooks are made from. */
  emit(change: Change): void
  /** Returns the function that stops listening. */
  onChange(listener: (change: Change) => void): () => void
}

export type WorldOptions = Pick<
  World,
  'version' | 'has' | 'clock' | 'random' | 'blobs' | 'signal' | 'messagesPerMinute'
>

/**
 * An empty installation. Ids of different kinds start far apart, so that a client that mixes them up finds nothing
 * instead of the wrong record.
 */
export function createWorld(options: WorldOptions): World {
  const counters: Record<Counter, number> = { ...FIRST_ID }
  const displayIds = new Map<number, number>()
  const listeners = new Set<(change: Change) => void>()
  return {
    ...options,
    frontendUrl: '',
    accounts: new Map(),
    users: new Map(),
    bots: new Map(),
    inboxes: new Map(),
    webhooks: new Map(),
    contacts: new Map(),
    contactInboxes: new Map(),
    conversations: new Map(),
    messages: new Map(),
    broken: new Set(),
    displayIndex: new Map(),
    sourceIndex: new Map(),
    threads: new Map(),
    nextId: (counter) => counters[counter]++,
    nextDisplayId: (accountId) => {
      const id = (displayIds.get(accountId) ?? 0) + 1
      displayIds.set(accountId, id)
      return id
    },
    emit: (change) => {
      for (const listener of [...listeners]) listener(change)
      options.signal.ring()
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
