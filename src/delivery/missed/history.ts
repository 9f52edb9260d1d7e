import type { Account } from '../../account.ts'
import type { Message } from '../../chatwoot/shapes/message.ts'
import type { Clock } from '../../clock.ts'
import type { ConversationId, MessageId } from '../../ids.ts'

/** Which part of a conversation is read. */
export type Window = {
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

/** Going back, so many messages come at a time (chatwoot-api.md, section 5.3). */
const PAGE = 20
/** Enough for a very busy day. */
const PAGES_BACK = 50

/** What comes before a message and is young enough, in pages, the newest page first. */
export async function pagesBefore(
  { chatwoot }: Account,
  conversation: ConversationId,
  { before, horizon }: { before: number; horizon: number },
): Promise<Message[][]> {
  return pagesBack((window) => chatwoot.messages.list(conversation, window), horizon, { before })
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
    const list = (window: { before?: number }) => messages.list(conversation, window, options)
    yield* (await pagesBack(list, horizon)).reverse()
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

/** Newest page first. */
async function pagesBack(
  list: (window: { before?: number }) => Promise<Message[]>,
  horizon: number,
  start: { before?: number } = {},
): Promise<Message[][]> {
  const pages: Message[][] = []
  let window = start
  while (pages.length < PAGES_BACK) {
    const page = await list(window)
    const [oldest] = page
    if (oldest === undefined) break
    pages.push(page)
    if (page.length < PAGE || (oldest.createdAt ?? 0) < horizon) break
    window = { before: oldest.id }
  }
  return pages
}
