import type { Account } from '../../accounts/account.ts'
import type { LimitCode, Limits } from '../../accounts/limits.ts'
import type { OutboundMedia, Prepared } from '../../content/media/outbound/outbound-media.ts'
import { fingerprint } from '../../content/message/fingerprint.ts'
import { echoOf } from '../../content/message/outbound/echo.ts'
import { failureReason } from '../../content/message/outbound/failure-reason.ts'
import { type PlannedPart, planMessage } from '../../content/message/outbound/plan.ts'
import type { Clock } from '../../kernel/clock.ts'
import {
  BridgeError,
  isRetryable,
  OutcomeUnknownError,
  RateLimitedError,
} from '../../kernel/errors.ts'
import type { ChatId } from '../../kernel/ids.ts'
import type { Conversations } from '../../people/conversations.ts'
import type { OtherAddresses } from '../../people/other-addresses.ts'
import type { People } from '../../people/people.ts'
import type { OutgoingContent, OutgoingMessage } from '../../platforms/wasender/outgoing-message.ts'
import type { Entry, Lane } from '../../queue/entry.ts'
import type { LanePositions } from '../../queue/lane-positions.ts'
import type { Throttle } from '../../queue/queue.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import type { OutboundLink, Refusal } from '../../state/store/types.ts'
import type { OutEvent } from '../events.ts'
import { deletionOrder } from '../intake/out-lane.ts'
import type { InfoPolls } from '../sends/ask-info.ts'
import type { Journal, NewSend } from '../sends/journal.ts'
import type { MessageLog } from '../sends/message-log.ts'
import { resolveUnknown } from '../sends/unknown-outcome.ts'
import type { OutboundFailure } from './outbound-failure.ts'
import { type OutboundMessage, sendOf, taken, UNREACHABLE } from './outbound-message.ts'
import { type Pace, turnToSend } from './pace.ts'
import { chooseQuote, quotedWords } from './quoting.ts'
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

type SendPartsDeps = {
  journal: Journal
  clock: Clock
  pace: Pace
  limits: Pick<Limits, 'refused'>
  preparedFiles: PreparedFiles
  failure: OutboundFailure
  messageLog: MessageLog
  throttle: Throttle
  infoPolls: Pick<InfoPolls, 'schedule'>
  otherAddresses: OtherAddresses
  places: Pick<LanePositions, 'isTaken' | 'isHead'>
  onResult: (
    account: OutboundMessage['account'],
    kind: string,
    result: 'accepted' | 'failed' | 'unknown',
  ) => void
}

/** An agent's message with the WhatsApp messages it makes and where they go. */
type Parcel = OutboundMessage & {
  to: string
  parts: PlannedPart[]
  entry: Entry
  lane: Lane
}

type PartInHand = {
  part: number
  planned: PlannedPart
  /** Its journal entry, when it was tried before. */
  link: OutboundLink | undefined
}

/**
 * Sends the parts of a message one after the other, each exactly once. What the journal holds is not sent again,
 * whatever repeats: the webhook, the process or the attempt. A file that cannot be sent does not hold back the others;
 * a text does, since what follows it may make no sense without. Resolves with the reason when one has failed.
 */
async function sendParts(parcel: Parcel, deps: SendPartsDeps): Promise<string | undefined> {
  const { account, event, parts } = parcel
  const known = await deps.journal.ofMessage(account.id, event.id)
  let failed: string | undefined
  for (const [part, planned] of parts.entries()) {
    const link = known.find((candidate) => candidate.part === part)
    const reason = await step(parcel, { part, planned, link }, deps)
    if (reason === undefined) continue
    failed = reason
    if (planned.from === 'content') {
      await deps.failure.holdBack(parcel, part)
      break
    }
  }
  return failed
}

async function send(
  parcel: Parcel,
  inHand: PartInHand,
  deps: SendPartsDeps,
): Promise<string | undefined> {
  const { part } = inHand
  const to = await addressFor(deps.otherAddresses, parcel, inHand.link)
  if ('refuse' in to) return deps.failure.fail(parcel, part, to.refuse)
  const ready = await contentOf(parcel, inHand, deps)
  if ('refuse' in ready) return deps.failure.fail(parcel, part, ready.refuse)
  await turnToSend(deps, parcel.account, parcel.lane)
  if (await isOvertaken(parcel, part, deps)) {
    throw new WaitUntil('Something goes first.', { until: deps.clock.now() })
  }
  return request(parcel, inHand, { ...ready.content, to: to.address }, deps)
}

/**
 * Asked last, since the turn may have begun long ago: has something come that goes first? An earlier message does as long
 * as nothing of this one was sent, its own deletion in any case.
 */
async function isOvertaken(
  { lane, entry, event }: Parcel,
  part: number,
  deps: SendPartsDeps,
): Promise<boolean> {
  if (part > 0) return deps.places.isTaken(lane, deletionOrder(event.id))
  return !(await deps.places.isHead(lane, entry.id))
}

async function request(
  parcel: Parcel,
  inHand: PartInHand,
  content: OutgoingMessage,
  deps: SendPartsDeps,
): Promise<string | undefined> {
  const outcome = await sendPart(parcel.account, requestOf(parcel, inHand, content), deps)
  if (outcome.state === 'unknown') return resolveUnknown(parcel, outcome.link, deps)
  if (outcome.state === 'refused') {
    await deps.journal.note(outcome.link, { ...outcome, kind: 'refused' })
    const until = deps.clock.now()
    throw new WaitUntil('Another address has its turn, or the failure is shown.', { until })
  }
  deps.preparedFiles.forget(fileId(parcel, inHand.part))
  if (outcome.state === 'failed') return deps.failure.fail(parcel, inHand.part, outcome.reason)
  if (inHand.link?.refusals !== undefined) {
    await deps.otherAddresses.remember(parcel.account, parcel.chat, content.to)
  }
  deps.onResult(parcel.account, content.kind, 'accepted')
  return undefined
}

async function contentOf(
  parcel: Parcel,
  { part, planned }: PartInHand,
  deps: SendPartsDeps,
): Promise<{ content: OutgoingContent } | { refuse: string }> {
  if (planned.from === 'content') return planned
  const { account, entry } = parcel
  return deps.preparedFiles.prepare(account, fileId(parcel, part), planned, entry.attempts)
}

async function step(
  parcel: Parcel,
  inHand: PartInHand,
  deps: SendPartsDeps,
): Promise<string | undefined> {
  const { link } = inHand
  if (link === undefined || link.state === 'queued') return send(parcel, inHand, deps)
  if (link.state === 'sending' || link.state === 'unknown')
    return resolveUnknown(parcel, link, deps)
  if (link.state === 'failed') return deps.failure.failedBefore(parcel, link)
  // A crash may have come before its WhatsApp id was asked for; asking twice does no harm.
  if (link.state === 'accepted') await deps.infoPolls.schedule(link)
  return undefined
}

/** What `sendPart` wants to know. */
function requestOf(
  parcel: Parcel,
  { part, link }: PartInHand,
  content: OutgoingMessage,
): Parameters<typeof sendPart>[1] {
  const { quote } = parcel
  const send = { ...sendOf(parcel, part, fingerprint(echoOf(content))), to: content.to }
  const replyTo = part === 0 && quote?.msgId !== undefined ? { replyTo: quote.msgId } : {}
  return { send, message: { ...replyTo, ...content }, before: link }
}

/** Where to send a part: where the chat is, or the next address after those that were refused. */
async function addressFor(
  otherAddresses: OtherAddresses,
  { account, chat, to, entry }: Parcel,
  link: OutboundLink | undefined,
): Promise<{ address: string } | { refuse: string }> {
  if (link?.refusals === undefined) return { address: to }
  const address = await otherAddresses.next(account, chat, link.refusals, entry.attempts)
  if (address !== undefined) return { address }
  return { refuse: link.reason ?? account.texts.failed.notOnWhatsapp }
}

/** Names one part of one message. Message ids are counted per Chatwoot, and accounts may be on different ones. */
function fileId({ account, event }: Parcel, part: number): string {
  return `${account.id}.${event.id}.${part}`
}

/** What one attempt to send one WhatsApp message came to. */
type SendResult =
  | { state: 'accepted' }
  /** The answer was lost. */
  | { state: 'unknown'; link: OutboundLink }
  | { state: 'failed'; reason: string }
  /** Certainly not sent, because of where it was sent to. */
  | { state: 'refused'; link: OutboundLink; refusal: Refusal; reason: string }

/** Refusals that another address of the person may not meet, by error code. */
const WHY: Readonly<Record<string, Refusal['why']>> = {
  'wasender.not_on_whatsapp': 'nobody',
  'wasender.new_chats_limited': 'limit',
}
/** Limits of WhatsApp on the account, by error code. */
const LIMITS: Readonly<Record<string, LimitCode>> = {
  'wasender.new_chats_limited': '463',
  'wasender.monthly_limit': '475',
}

/** A wait that only account protection asks for (docs/platforms/wasender.md#rate-limits). */
const PROTECTED_FROM_MS = 5_000
const CUSHION_MS = 200

type SendPartDeps = {
  journal: Journal
  clock: Clock
  pace: Pick<Pace, 'left' | 'hold' | 'learn'>
  infoPolls: Pick<InfoPolls, 'schedule'>
  limits: Pick<Limits, 'refused'>
}

/**
 * Sends one WhatsApp message: journal entry first, then the request, then its result. Throws a transient error only
 * when nothing was sent, after taking the entry back to what it was (`before`).
 *
 * @throws {WaitUntil} when somebody else sends it, or has just deleted it: nothing was done here.
 */
export async function sendPart(
  account: Account,
  {
    send,
    message,
    before,
  }: { send: NewSend; message: OutgoingMessage; before?: OutboundLink | undefined },
  deps: SendPartDeps,
): Promise<SendResult> {
  const { journal, pace, infoPolls } = deps
  const link = await journal.begin(send)
  if (link === undefined) throw taken(deps.clock.now())
  let sent: Awaited<ReturnType<typeof account.wasender.messages.send>>
  try {
    await pace.left(account.id)
    sent = await account.wasender.messages.send(message)
  } catch (error) {
    return afterError(account, link, { before, error }, deps)
  }
  const accepted = await journal.note(link, { kind: 'accepted', msgId: sent.msgId })
  await infoPolls.schedule({ ...accepted, msgId: sent.msgId })
  return { state: 'accepted' }
}

async function afterError(
  account: Account,
  link: OutboundLink,
  { before, error }: { before: OutboundLink | undefined; error: unknown },
  { journal, pace, limits }: SendPartDeps,
): Promise<SendResult> {
  if (error instanceof OutcomeUnknownError) {
    return { state: 'unknown', link: await journal.note(link, { kind: 'unknown' }) }
  }
  if (error instanceof BridgeError && !isRetryable(error)) {
    return refused(account, link, error, limits)
  }
  await journal.withdraw(link, before)
  if (error instanceof RateLimitedError) await slowDown(account, error, pace)
  throw error
}

async function refused(
  account: Account,
  link: OutboundLink,
  error: BridgeError,
  limits: SendPartDeps['limits'],
): Promise<SendResult> {
  const limit = LIMITS[error.code]
  if (limit !== undefined) await limits.refused(account.id, limit, link.chat)
  const reason = failureReason(error, account.texts)
  const why = WHY[error.code]
  if (why === undefined || link.to === undefined) return { state: 'failed', reason }
  return { state: 'refused', link, refusal: { to: link.to, why }, reason }
}

/** A 429 holds back the whole session, and a wait of 5 s or more tells that the session is protected. */
async function slowDown(
  account: Account,
  { waitMs }: RateLimitedError,
  pace: SendPartDeps['pace'],
): Promise<void> {
  await pace.hold(account.id, waitMs + CUSHION_MS)
  if (waitMs >= PROTECTED_FROM_MS) await pace.learn(account.id, true)
}

/** An uploaded file stays for a day (docs/platforms/wasender.md#upload); after an hour something else is wrong. */
const KEEP_MS = 60 * 60_000
const KEEP = 500

type File = Extract<PlannedPart, { from: 'file' }>

type PreparedFiles = ReturnType<typeof createPreparedFiles>

/**
 * Gets the files of agents' messages ready, each once: a part that has to wait for its slot, or is tried again, does
 * not carry its bytes a second time. Only addresses are kept, in memory; after a restart the file is fetched again.
 */
export function createPreparedFiles(deps: { outboundMedia: OutboundMedia; clock: Clock }) {
  const kept = new Map<string, { prepared: Prepared; until: number }>()

  function find(id: string): Prepared | undefined {
    const found = kept.get(id)
    return found !== undefined && found.until > deps.clock.now() ? found.prepared : undefined
  }

  function keep(id: string, prepared: Prepared): void {
    const [oldest] = kept.keys()
    if (kept.size >= KEEP && oldest !== undefined) kept.delete(oldest)
    kept.set(id, { prepared, until: deps.clock.now() + KEEP_MS })
  }

  return {
    /** `id` names the part. Throws like {@link OutboundMedia.prepare}. */
    async prepare(account: Account, id: string, file: File, attempts: number): Promise<Prepared> {
      const known = find(id)
      if (known !== undefined) return known
      const { attachment, caption } = file
      const options = { attempts, ...(caption === undefined ? {} : { caption }) }
      const prepared = await deps.outboundMedia.prepare(account, attachment, options)
      if ('content' in prepared) keep(id, prepared)
      return prepared
    },
    /** It was sent, or never will be. */
    forget: (id: string) => void kept.delete(id),
  }
}
