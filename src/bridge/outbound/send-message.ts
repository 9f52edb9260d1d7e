import type { Account } from '../../accounts/account.ts'
import { type PlannedPart, planMessage } from '../../content/message/outbound/plan.ts'
import type { ChatId } from '../../kernel/ids.ts'
import type { Conversations } from '../../people/conversations.ts'
import type { People } from '../../people/people.ts'
import type { Entry, Lane } from '../../queue/entry.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import type { OutEvent } from '../events.ts'
import { UNREACHABLE } from './outbound-message.ts'
import { chooseQuote, quotedWords } from './quoting.ts'
import { type SendPartsDeps, sendParts } from './send-parts.ts'
import { type Target, targetOf } from './target.ts'

export type SendMessageDeps = SendPartsDeps & {
  people: People
  conversations: Conversations
  /** WhatsApp took an agent's message. */
  answered: (account: Account, chat: ChatId, event: OutEvent) => Promise<void>
}

/** Something an agent wants to send, and what the journal holds of it already. */
export type ToSend = {
  account: Account
  entry: Entry
  lane: Lane
  event: OutEvent
  known: readonly OutboundLink[]
  /** What to send instead of what the message says, as commands do. */
  parts?: PlannedPart[]
}

/**
 * Sends an agent's message: finds out to whom, what it quotes and what it is made of. Resolves with the reason when it, or
 * a part of it, has failed.
 */
export async function sendMessage(
  sending: ToSend,
  deps: SendMessageDeps,
): Promise<string | undefined> {
  const { account, event } = sending
  const target = await targetOf(account, event.conversation, deps)
  if (!('unreachable' in target)) return sendTo(sending, target, deps)
  const message = { account, event, chat: UNREACHABLE, of: 1 }
  return deps.failure.fail(message, 0, account.texts.failed[target.unreachable])
}

async function sendTo(
  sending: ToSend,
  target: Target,
  deps: SendMessageDeps,
): Promise<string | undefined> {
  const { account, entry, lane, known } = sending
  const { chat, to } = target
  const event = withKept(sending)
  const [first] = known
  // The choice of the first attempt stays: it decides how many parts there are.
  const quote = first === undefined ? await chooseQuote(deps.journal, account, event) : first.quote
  const parts = sending.parts ?? (await planned(account, event, { entry, chat, quote }))
  const message = { account, event, chat, of: parts.length, quote }
  if (parts.length === 0) return deps.failure.fail(message, 0, account.texts.failed.empty)
  const failed = await sendParts({ ...message, to, parts, entry, lane }, deps)
  if (failed === undefined) await deps.answered(account, chat, event)
  return failed
}

async function planned(
  account: Account,
  event: OutEvent,
  context: Pick<ToSend, 'entry'> & Pick<Target, 'chat'> & { quote: OutboundLink['quote'] },
): Promise<PlannedPart[]> {
  const { entry, chat, quote: chosen } = context
  const { texts, options } = account
  const quote = await quotedWords(account, event, chat, entry.attempts, chosen)
  return planMessage(event, { texts, options, ...(quote === undefined ? {} : { quote }) })
}

/** Retry has wiped the attributes that special content is made of; the journal remembers them. */
function withKept({ event, known }: ToSend): OutEvent {
  const kept = known.find(({ attributes }) => attributes !== undefined)?.attributes
  if (kept === undefined) return event
  return { ...event, contentAttributes: { ...event.contentAttributes, ...kept } }
}
