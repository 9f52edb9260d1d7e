import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { ConversationId, MessageId } from '../../kernel/ids.ts'
import type { MessageEvent } from '../../platforms/chatwoot/events.ts'
import type { ConversationRef, Message } from '../../platforms/chatwoot/shapes/message.ts'
import type { Lane } from '../../queue/entry.ts'

/** Which part of a conversation is read. */
type Window = {
  /** What comes after this message; without it all that is young enough. */
  from: MessageId | undefined
  /** Older messages do not matter, ms since 1970. */
  horizon: number
  timeoutMs?: number
}

/** The moment before which nothing is caught up with, ms since 1970. */
export type Horizon = (account: Account) => Promise<number>

/** Chatwoot tells times in whole seconds. */
const SECOND = 1000

/** What is older than `catchUp.maxAge` is too late; what is older than the account belongs to whatever ran before. */
export function createHorizon(deps: {
  clock: Clock
  sinceOf: (account: Account) => Promise<number>
}): Horizon {
  return async (account) => {
    const tooOld = deps.clock.now() - account.options.catchUp.maxAge
    const since = Math.max(await deps.sinceOf(account), tooOld)
    return Math.floor(since / SECOND) * SECOND
  }
}

/** Going back, so many messages come at a time (docs/platforms/chatwoot.md#listing-messages). */
const PAGE = 20
/** Enough for a very busy day. */
const PAGES_BACK = 50

/** What comes before a message and is young enough, in pages, the newest page first. */
export async function pagesBefore(
  account: Account,
  conversation: ConversationId,
  window: { before: number; horizon: number },
): Promise<Message[][]> {
  return collect(pagesBack(account, conversation, window))
}

/** The messages of a window in pages, oldest first. */
export async function* pagesFrom(
  account: Account,
  conversation: ConversationId,
  { from, horizon, timeoutMs }: Window,
): AsyncGenerator<Message[]> {
  const { messages } = account.chatwoot
  const options = timeoutMs === undefined ? {} : { timeoutMs }
  if (from === undefined) {
    const pages = await collect(pagesBack(account, conversation, { horizon, ...options }))
    yield* pages.reverse()
    return
  }
  let after: MessageId = from
  for (;;) {
    const page = await messages.list(conversation, { after }, options)
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    after = last.id
  }
}

/** What goes back to a horizon. */
type WindowBack = {
  /** Older messages do not matter, ms since 1970. */
  horizon: number
  /** Only what comes before this message. */
  before?: number
  /** So many pages are read at most. */
  most?: number
  timeoutMs?: number
}

/** The messages of a window in pages, newest page first; each is asked for when it is needed. */
export async function* pagesBack(
  { chatwoot }: Account,
  conversation: ConversationId,
  { horizon, before, most = PAGES_BACK, timeoutMs }: WindowBack,
): AsyncGenerator<Message[]> {
  const options = timeoutMs === undefined ? {} : { timeoutMs }
  let window = before === undefined ? {} : { before }
  for (let pages = 0; pages < most; pages += 1) {
    const { messages, size } = await chatwoot.messages.page(conversation, window, options)
    const [oldest] = messages
    if (oldest === undefined) return
    yield messages
    if (size < PAGE || (oldest.createdAt ?? 0) < horizon) return
    window = { before: oldest.id }
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

/** Messages of a conversation as Chatwoot lists them, oldest first. */
export type Listed = {
  account: Account
  conversation: ConversationRef
  lane: Lane
  messages: readonly Message[]
  /** Nothing written before this moment is sent, ms since 1970. */
  horizon: number
  /** What is older than this message is queued even when its webhook may still be on its way. */
  before?: MessageId
}

/** The event that should have told of a message. */
export function listedEvent(
  { account, conversation }: Pick<Listed, 'account' | 'conversation'>,
  message: Message,
  action: MessageEvent['action'],
): MessageEvent {
  return {
    ...message,
    type: 'message',
    action,
    conversation,
    conversationId: conversation.id,
    inboxId: account.inboxId,
  }
}
