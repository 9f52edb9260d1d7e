import type { Account } from '../../accounts/account.ts'
import { inboundKinds } from '../../content/locale/en/inbound-kinds.ts'
import { protectLiquid } from '../../content/message/format/protect-liquid.ts'
import { OutcomeUnknownError, PoisonError, TransientError } from '../../kernel/errors.ts'
import { asId, type ChatId, type ConversationId, type KeyId } from '../../kernel/ids.ts'
import type { Conversations } from '../../people/conversations.ts'
import { peerOf } from '../../people/peer.ts'
import type { People } from '../../people/people.ts'
import { chatAddresses } from '../../platforms/wasender/events/index.ts'
import type { Who } from '../../platforms/wasender/jid.ts'
import type { Entry, Lane } from '../../queue/entry.ts'
import type { NotShownEvent } from '../events.ts'
import type { Journal } from '../sends/journal.ts'
import { readInEvent } from '../stored-events.ts'
import type { InEvent, ShownEvent } from './inbound-events.ts'

/** What agents are to be told of an entry that was given up; `undefined` when it would not have been shown anyway. */
export function notShownOf(entry: Entry, error: unknown): NotShownEvent | undefined {
  const event = shownIn(readInEvent(entry.event))
  if (event === undefined) return undefined
  const about = aboutOf(event)
  if (about === undefined) return undefined
  const kind = error instanceof PoisonError ? undefined : kindOf(event)
  const at = 'at' in event && event.at !== undefined ? event.at : entry.receivedAt
  return {
    type: 'not-shown',
    ...about,
    ...(kind === undefined ? {} : { kind }),
    at,
    entryId: entry.id,
  }
}

/** The same of an entry of which nothing can be read but where it stood; its id says when it came. */
export function damagedNotShown(lane: Lane, entryId: string): NotShownEvent {
  const at = Number(/\.(\d+)$/.exec(entryId)?.[1] ?? 0)
  return { type: 'not-shown', chat: asId<ChatId>(lane.key), at, entryId }
}

/** Where agents are told, apart from all receipts of the chat. */
export function notShownLane(lane: Lane): Lane {
  return { direction: 'status', account: lane.account, key: `not-shown:${lane.key}` }
}

function shownIn(event: InEvent | undefined): ShownEvent | undefined {
  switch (event?.type) {
    case undefined:
    case 'contacts':
    case 'profile':
    case 'seen':
      return undefined
    case 'orphan':
    case 'undecrypted':
    case 'later':
      return event.event
    default:
      return event
  }
}

type About = Pick<NotShownEvent, 'who' | 'keyId'>

/** Whose it is; nothing for grey lines, which nobody misses. */
function aboutOf(event: ShownEvent): About | undefined {
  switch (event.type) {
    case 'message':
    case 'sent':
      return { who: chatAddresses(event.key), keyId: event.key.id }
    case 'edited':
    case 'revoked':
    case 'poll-result':
      return { who: chatAddresses(event.key) }
    case 'reaction':
      return { who: chatAddresses(event.target) }
    case 'call':
      return { who: event.group === undefined ? event.caller : { address: event.group } }
    default:
      return undefined
  }
}

function kindOf(event: ShownEvent): string | undefined {
  if (event.type === 'edited') return 'edit'
  if (event.type === 'reaction') return 'reactionMessage'
  if (event.type === 'poll-result') return 'pollResultSnapshotMessage'
  if (!('message' in event)) return undefined
  return Object.keys(event.message ?? {}).find((name) => Object.hasOwn(inboundKinds, name))
}

type NotShownDeps = {
  conversations: Pick<Conversations, 'get' | 'ensure'>
  people: Pick<People, 'resolve'>
  journal: Pick<Journal, 'byKeyId'>
}

/** Tells agents in the chat that something is missing there, as far as Chatwoot takes that. */
export async function tellNotShown(
  account: Account,
  event: NotShownEvent,
  deps: NotShownDeps,
): Promise<void> {
  const { keyId, kind, at, entryId } = event
  // It came under another event's name, or was tried again.
  if (keyId !== undefined && (await deps.journal.byKeyId(account.id, keyId))) return
  const conversation = await conversationOf(account, event, deps)
  if (conversation === undefined) return
  const { notShown, kinds } = account.texts.inbound
  const what = kind === undefined ? undefined : kinds[kind]
  await postOnce(account, conversation, {
    content: notShown(what, at),
    sourceId: `not-shown:${entryId}`,
  })
}

async function conversationOf(
  account: Account,
  { who, chat }: NotShownEvent,
  deps: NotShownDeps,
): Promise<ConversationId | undefined> {
  if (who !== undefined) return conversationFor(account, who, deps)
  if (chat === undefined) return undefined
  return (await deps.conversations.get(account.id, chat))?.conversationId
}

/** Without a name: that may be what Chatwoot did not take. */
async function conversationFor(
  account: Account,
  who: Who,
  { people, conversations }: NotShownDeps,
): Promise<ConversationId> {
  const chat = await people.resolve(account.id, who)
  const open = await conversations.ensure(account, chat, () => peerOf(account, who, undefined))
  return open.conversationId
}

async function postOnce(
  { chatwoot }: Account,
  conversation: ConversationId,
  { content, sourceId }: { content: string; sourceId: string },
): Promise<void> {
  const latest = await chatwoot.messages.list(conversation)
  if (latest.some((message) => message.sourceId === sourceId)) return
  try {
    await chatwoot.messages.create(conversation, {
      content: protectLiquid(content),
      messageType: 'outgoing',
      private: true,
      sourceId,
    })
  } catch (error) {
    if (!(error instanceof OutcomeUnknownError)) throw error
    const { message, code, context } = error
    throw new TransientError(message, { code, context, cause: error })
  }
}

/** The source id of a message's note, by its place among them. */
export function noteId(keyId: KeyId, index: number): string {
  return `${keyId}:note:${index + 1}`
}

export function isNoteOf(keyId: KeyId, sourceId: string | null): boolean {
  return sourceId?.startsWith(`${keyId}:note:`) ?? false
}
