import type { Account } from '../../account.ts'
import type { ConversationRef } from '../../chatwoot/shapes/conversation.ts'
import { OperatorNeededError } from '../../errors.ts'
import type { ConversationId } from '../../ids.ts'
import type { Chat, Store } from '../../store/types.ts'

/** The conversations of an account that may have changed since a moment. */
export type Changed = {
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
