import type { Account } from '../../accounts/account.ts'
import { TransientError } from '../../kernel/errors.ts'
import type { AccountId, MessageId } from '../../kernel/ids.ts'
import type { ConversationQuery } from '../../platforms/chatwoot/api/conversations.ts'
import type { ConversationRef, Message } from '../../platforms/chatwoot/shapes/message.ts'
import { operatorIdentifier } from '../concerns-whatsapp.ts'

export const NOW = 1_800_000_000_000
export const MINUTE = 60_000

type Window = { before?: number; after?: number }

export const conversation = {
  id: 1,
  inboxId: 3,
  status: 'open',
  sourceId: null,
  contact: { id: 1 },
  additionalAttributes: {},
  customAttributes: {},
} as unknown as ConversationRef

const OPERATOR = operatorIdentifier(conversation.inboxId)

/** What an agent wrote. */
export function agentMessage(id: number, given: Partial<Message> = {}): Message {
  return {
    id: id as MessageId,
    content: `message ${id}`,
    contentType: 'text',
    contentAttributes: {},
    additionalAttributes: {},
    messageType: 'outgoing',
    private: false,
    sourceId: null,
    sender: { kind: 'user', id: 1, name: 'Ana' },
    attachments: [],
    createdAt: NOW,
    status: 'sent',
    ...given,
  }
}

const asPage = (messages: Message[]) => ({ messages, size: messages.length })

/** Lists of conversations, and what goes wrong with them. */
function createListing() {
  let failure: Error | undefined
  let isPaged = true
  let isHidden = false
  return {
    page({ updatedWithin, page = 1 }: ConversationQuery, all: ConversationRef[]) {
      if (page > 1) return { found: [], unread: [] }
      if (failure !== undefined && (updatedWithin !== undefined || !isPaged)) throw failure
      return isHidden ? { found: [], unread: all.map(({ id }) => id) } : { found: all, unread: [] }
    },
    controls: {
      /** It cannot list what changed, and maybe no page either. */
      breakList: (error: Error | undefined, pages: 'pages work' | 'nor pages') => {
        failure = error
        isPaged = pages === 'pages work'
      },
      /** Its conversation cannot be read in lists. */
      hide: () => {
        isHidden = true
      },
    },
  }
}

/** All but one cannot be shown. */
async function getConversation(id: number): Promise<ConversationRef> {
  if (id === conversation.id) return conversation
  throw new TransientError('500', { code: 'chatwoot.server_error' })
}

/** One conversation, listed in windows as Chatwoot does (docs/platforms/chatwoot.md#listing-messages). */
export function createFakeChatwoot() {
  let isModern = true
  let isOperators = false
  let failure: Error | undefined
  const broken = new Map<number, () => Error>()
  const listing = createListing()
  let openUntil: number | undefined
  const thread: Message[] = []
  const calls: Window[] = []
  const updates: { id: number; status: string }[] = []

  async function list(id: number, window: Window = {}): Promise<Message[]> {
    const error = broken.get(id)
    if (error !== undefined) throw error()
    calls.push(window)
    if (failure !== undefined) throw failure
    const { before = Number.POSITIVE_INFINITY, after } = window
    if (after !== undefined) return thread.filter(({ id }) => id > after).slice(0, 100)
    return thread.filter(({ id }) => id < before).slice(-20)
  }

  async function conversations(query: ConversationQuery) {
    if (failure !== undefined) throw failure
    return listing.page(query, shown())
  }

  function shown(): ConversationRef[] {
    const lastMessageId = thread.at(-1)?.id
    const contact = isOperators ? { ...conversation.contact, identifier: OPERATOR } : undefined
    return [
      ...[...broken.keys()].map((id) => ({ ...conversation, id }) as ConversationRef),
      {
        ...conversation,
        ...(contact === undefined ? {} : { contact }),
        ...(lastMessageId === undefined ? {} : { lastMessageId }),
      },
    ]
  }

  const account = {
    id: 'sales' as AccountId,
    inboxId: conversation.inboxId,
    options: { commands: true, catchUp: { maxAge: 24 * 60 * MINUTE, every: 5 * MINUTE } },
    inbox: { supports: async () => isModern },
    chatwootBreaker: { isOpen: () => openUntil !== undefined, hold: async () => openUntil },
    chatwoot: {
      messages: {
        list,
        page: (id: number, window?: Window) => list(id, window).then(asPage),
        updateStatus: async (_conversation: unknown, id: number, { status }: { status: string }) =>
          void updates.push({ id, status }),
      },
      conversations: { page: conversations, get: getConversation },
    },
  } as unknown as Account

  return {
    account,
    thread,
    calls,
    updates,
    /** Its breaker opens, or closes. */
    breakUntil: (until: number | undefined) => {
      openUntil = until
    },
    /** It cannot be told of statuses. */
    makeOld: () => {
      isModern = false
    },
    /** Its conversation is the one between the bridge and its operators. */
    makeOperators: () => {
      isOperators = true
    },
    ...listing.controls,
    failWith: (error: Error | undefined) => {
      failure = error
    },
    /** A further conversation, changed last, whose messages cannot be listed. */
    failFor: (id: number, error: Error | (() => Error) | undefined) => {
      if (error === undefined) broken.delete(id)
      else broken.set(id, typeof error === 'function' ? error : () => error)
    },
  }
}
