import type { Account } from '../../accounts/account.ts'
import type { Clock } from '../../kernel/clock.ts'
import { OperatorNeededError } from '../../kernel/errors.ts'
import type { ConversationId } from '../../kernel/ids.ts'
import { isNotFound } from '../../platforms/chatwoot/client.ts'
import { isDeleted, type MessageEvent } from '../../platforms/chatwoot/events.ts'
import type { ConversationRef } from '../../platforms/chatwoot/shapes/message.ts'
import type { Lane } from '../../queue/entry.ts'
import type { LanePositions } from '../../queue/lane-positions.ts'
import type { Dispatch } from '../../queue/queue.ts'
import type { Chat, OutboundLink, Store } from '../../state/store/types.ts'
import { concernsWhatsapp } from '../concerns-whatsapp.ts'
import { placeOf } from '../intake/out-lane.ts'
import { looksRetried } from '../outbound/due.ts'
import type { Journal } from '../sends/journal.ts'
import { mayShowLess } from '../sends/report-message.ts'
import { type Listed, listedEvent } from './page.ts'

/**
 * Queues what happened to messages the bridge knows and no webhook told of: deleted, Retry pressed, or marked as failed by
 * Chatwoot though they were sent. Resolves with how many were queued. What is queued is only a hint: whoever handles it looks at the journal and, for Retry, at the message
 * again, so one hint too many does nothing.
 */
export type MissedChanges = (listed: Listed) => Promise<number>

export function createMissedChanges(deps: {
  journal: Journal
  places: Pick<LanePositions, 'isTaken'>
  dispatch: Dispatch
  clock: Clock
}): MissedChanges {
  const { journal, places, clock } = deps

  /** It still waits to be sent, or something was sent that is not deleted yet. */
  async function isDeletionMissed(
    lane: Lane,
    event: MessageEvent,
    known: readonly OutboundLink[],
  ): Promise<boolean> {
    if (known.length === 0) return places.isTaken(lane, event.id)
    return known.some(({ deletedBy }) => deletedBy === undefined)
  }

  async function isMissed({ account, lane }: Listed, event: MessageEvent): Promise<boolean> {
    if (event.status === 'read' && !isDeleted(event)) return false
    const known = await journal.ofMessage(account.id, event.id)
    const isMissing = isDeleted(event)
      ? await isDeletionMissed(lane, event, known)
      : await isStatusMissed(account, event, known)
    // Otherwise its webhook came after all, or an earlier look has found it.
    return isMissing && !(await places.isTaken(lane, placeOf(event).order))
  }

  async function isStatusMissed(
    account: Account,
    event: MessageEvent,
    known: readonly OutboundLink[],
  ): Promise<boolean> {
    if (!(await account.inbox.supports('statusPatch'))) return false
    if (looksRetried(event) && wasShownAsFailed(known)) return true
    return (await mayShowLess(account, event, known)) === true
  }

  return async (listed) => {
    const { account, lane, horizon, messages } = listed
    let queued = 0
    for (const message of messages) {
      const event = listedEvent(listed, message, 'updated')
      const isOld = (message.createdAt ?? 0) < horizon
      if (isOld || !concernsWhatsapp(account, event) || !(await isMissed(listed, event))) continue
      if (isDeleted(event)) await takeBackFailure(account, event)
      const receivedAt = clock.now()
      await deps.dispatch.post([{ lane, receivedAt, event, ...placeOf(event) }])
      queued += 1
    }
    return queued
  }
}

/** Only a failure that the bridge has shown can be taken back by an agent. */
function wasShownAsFailed(known: readonly OutboundLink[]): boolean {
  return (
    known.some(({ state }) => state === 'failed') &&
    known.some(({ reported }) => reported === 'failed')
  )
}

/**
 * Chatwoot marks a message as failed when it cannot tell the bridge of it (docs/platforms/chatwoot.md#failed-callbacks).
 * Now the bridge knows, so the mark goes. Releases before 4.2 cannot do that (docs/platforms/chatwoot.md#message-status);
 * there the mark stays, and the message is handled all the same.
 */
export async function takeBackFailure({ chatwoot }: Account, event: MessageEvent): Promise<void> {
  if (event.status !== 'failed') return
  try {
    await chatwoot.messages.updateStatus(event.conversation.id, event.id, { status: 'sent' })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

/** The conversations of an account that may have changed since a moment. */
type Changed = {
  conversations: ConversationRef[]
  /** To be asked for one by one: a list could not show them. */
  hidden: ConversationId[]
  /** Why these may not be all. */
  incomplete: OperatorNeededError | undefined
}

/** Of the paged list, newest activity first; 25 conversations each. */
const PAGES = 40
/** After so many that cannot be had in a row there is no point in asking for more. */
const VAIN_PAGES = 2
/** Of the conversations the bridge knows and no page has shown, those that changed last. */
const HIDDEN = 200

/** Whether it is this one question that Chatwoot cannot answer. */
type IsOfList = (error: unknown) => boolean

/**
 * One GET for all that changed. It fails as a whole when Chatwoot cannot show a single one of them, such as a conversation
 * with an attachment whose file is gone. Then the same list is read in pages, and what the failing pages hide is looked for
 * among the conversations that the bridge knows.
 */
export function createChanged({ store }: { store: Pick<Store, 'chats'> }) {
  async function knownTo(account: Account): Promise<ConversationId[]> {
    const known: (Chat & { conversationId: ConversationId })[] = []
    for await (const { value } of store.chats.all()) {
      const { conversationId } = value
      const isOurs = value.account === account.id && value.inboxId === account.inboxId
      if (isOurs && conversationId !== undefined) known.push({ ...value, conversationId })
    }
    const latest = known.toSorted((a, b) => b.at - a.at).map((chat) => chat.conversationId)
    return [...new Set(latest)]
  }

  async function piecemeal(account: Account, from: number, cause: unknown, isOfList: IsOfList) {
    const { conversations, hidden } = await pagesOf(account, from, isOfList)
    const seen = new Set([...conversations.map(({ id }) => id), ...hidden])
    const unseen = (await knownTo(account)).filter((id) => !seen.has(id))
    return {
      conversations,
      hidden: [...hidden, ...unseen.slice(0, HIDDEN)],
      incomplete: listBroken(account, cause),
    }
  }

  return async (
    account: Account,
    { from, now, isOfList }: { from: number; now: number; isOfList: IsOfList },
  ): Promise<Changed> => {
    try {
      const updatedWithin = Math.ceil((now - from) / 1000)
      const { found, unread } = await account.chatwoot.conversations.page({
        ...ofInbox(account),
        updatedWithin,
      })
      return { conversations: ours(account, found), hidden: unread, incomplete: undefined }
    } catch (error) {
      if (!isOfList(error)) throw error
      return piecemeal(account, from, error, isOfList)
    }
  }
}

async function pagesOf(account: Account, from: number, isOfList: IsOfList) {
  const all: Pick<Changed, 'conversations' | 'hidden'> = { conversations: [], hidden: [] }
  let vain = 0
  for (let page = 1; page <= PAGES && vain < VAIN_PAGES; page += 1) {
    try {
      const { found, unread } = await account.chatwoot.conversations.page({
        ...ofInbox(account),
        page,
      })
      vain = 0
      all.conversations.push(...ours(account, found))
      all.hidden.push(...unread)
      const oldest = found.at(-1)
      if (oldest === undefined || (oldest.lastActivityAt ?? from) < from) break
    } catch (error) {
      if (!isOfList(error)) throw error
      vain += 1
    }
  }
  return all
}

const ofInbox = ({ inboxId }: Account) => ({ inboxId, status: 'all' }) as const

function ours(account: Account, found: readonly ConversationRef[]): ConversationRef[] {
  return found.filter(({ inboxId }) => inboxId === account.inboxId)
}

function listBroken({ id, inboxId }: Account, cause: unknown): OperatorNeededError {
  return new OperatorNeededError(
    `Chatwoot cannot list the conversations of inbox ${inboxId} (account ${id}), mostly because of a single one whose attachment has lost its file: its log names it. Until that is mended, messages whose webhook was lost are looked for only in the conversations that it can show or the bridge knows.`,
    { code: 'catch_up.list_broken', context: { account: id, inbox: inboxId }, cause },
  )
}
