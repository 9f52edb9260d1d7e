import type { Clock } from '../../clock.ts'
import type { OtherAddresses } from '../../identity/other-addresses.ts'
import { fingerprint } from '../../message/fingerprint.ts'
import { echoOf } from '../../message/outbound/echo.ts'
import type { PlannedPart } from '../../message/outbound/plan.ts'
import type { OutboundLink } from '../../store/types.ts'
import type { OutgoingContent, OutgoingMessage } from '../../wasender/outgoing-message.ts'
import { deletionOrder } from '../intake/out-place.ts'
import type { LanePlaces } from '../lanes/lane-places.ts'
import type { Entry, Lane } from '../lanes/lanes.ts'
import type { Throttle } from '../lanes/throttle.ts'
import type { Limits } from '../outages/limits.ts'
import type { InfoPolls } from '../outcome/info-polls.ts'
import type { Journal } from '../outcome/journal.ts'
import type { MessageLog } from '../outcome/message-log.ts'
import { settleUnknown } from '../outcome/settle-unknown.ts'
import type { NotSent, OutboundFailure } from './outbound-failure.ts'
import { type OutboundMessage, sendOf, TAKEN_MS } from './outbound-message.ts'
import { type Pace, turnToSend } from './pace.ts'
import type { PreparedFiles } from './prepared-files.ts'
import { sendPart } from './send-part.ts'

export type SendPartsDeps = {
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
  places: Pick<LanePlaces, 'isTaken' | 'isHead'>
  onResult: (
    account: OutboundMessage['account'],
    kind: string,
    result: 'accepted' | 'failed' | 'unknown',
  ) => void
}

/** An agent's message with the WhatsApp messages it makes and where they go. */
export type Parcel = OutboundMessage & {
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

/** All were sent by now, or why not. */
export type SentAll = 'sent' | NotSent

/**
 * Sends the parts of a message one after the other, each exactly once. What the journal holds is not sent again,
 * whatever repeats: the webhook, the process or the attempt. A file that cannot be sent does not hold back the others;
 * a text does, since what follows it may make no sense without.
 */
export async function sendParts(parcel: Parcel, deps: SendPartsDeps): Promise<SentAll> {
  const { account, event, parts } = parcel
  const known = await deps.journal.ofMessage(account.id, event.id)
  let result: SentAll = 'sent'
  for (const [part, planned] of parts.entries()) {
    const link = known.find((candidate) => candidate.part === part)
    const done = await step(parcel, { part, planned, link }, deps)
    if (done === 'sent') continue
    result = done
    if (!('failed' in done)) return done
    if (planned.from === 'content') {
      await deps.failure.holdBack(parcel, part)
      return done
    }
  }
  return result
}

async function send(parcel: Parcel, inHand: PartInHand, deps: SendPartsDeps): Promise<SentAll> {
  const { part } = inHand
  const to = await addressFor(deps.otherAddresses, parcel, inHand.link)
  if ('refuse' in to) return deps.failure.fail(parcel, part, to.refuse)
  const ready = await contentOf(parcel, inHand, deps)
  if ('refuse' in ready) return deps.failure.fail(parcel, part, ready.refuse)
  const wait = await turnToSend(deps, parcel.account, parcel.lane)
  if (wait !== undefined) return wait
  if (await isOvertaken(parcel, part, deps)) return { waitUntil: deps.clock.now() }
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
): Promise<SentAll> {
  const outcome = await sendPart(parcel.account, requestOf(parcel, inHand, content), deps)
  if (outcome.state === 'unknown') return settleUnknown(parcel, outcome.link, deps)
  if (outcome.state === 'taken') return { waitUntil: deps.clock.now() + TAKEN_MS }
  if (outcome.state === 'refused') {
    await deps.journal.note(outcome.link, { ...outcome, kind: 'refused' })
    // Another address has its turn, or the failure is shown.
    return { waitUntil: deps.clock.now() }
  }
  deps.preparedFiles.forget(fileId(parcel, inHand.part))
  if (outcome.state === 'failed') return deps.failure.fail(parcel, inHand.part, outcome.reason)
  if (inHand.link?.refusals !== undefined) {
    await deps.otherAddresses.remember(parcel.account, parcel.chat, content.to)
  }
  deps.onResult(parcel.account, content.kind, 'accepted')
  return 'sent'
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

async function step(parcel: Parcel, inHand: PartInHand, deps: SendPartsDeps): Promise<SentAll> {
  const { link } = inHand
  if (link === undefined || link.state === 'queued') return send(parcel, inHand, deps)
  if (link.state === 'sending' || link.state === 'unknown') return settleUnknown(parcel, link, deps)
  if (link.state === 'failed') return deps.failure.failedBefore(parcel, link)
  // A crash may have come before its WhatsApp id was asked for; asking twice does no harm.
  if (link.state === 'accepted') await deps.infoPolls.schedule(link)
  return 'sent'
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
