import { checkOrder } from './check-order.ts'
import { chatName, finding, isOf } from './marks.ts'
import type {
  ChatOf,
  Finding,
  Ledgers,
  Mark,
  Received,
  Replied,
  Said,
  Shown,
  Written,
} from './types.ts'

/**
 * Compares what was said on both sides with what the ledgers of both sides hold: everything accepted is there, once, in
 * order, in the right chat and as it was; nothing is there that nobody said. An agent's message may be missing only when
 * Chatwoot shows it as failed with a reason.
 */
export function checkLedgers(said: readonly Said[], ledgers: Ledgers): Finding[] {
  const written = said.filter((one) => one.by !== 'agent')
  const replied = said.filter((one) => one.by === 'agent')
  return [
    ...written.flatMap((one) => checkWritten(one, ledgers.shown)),
    ...replied.flatMap((one) => checkReplied(one, ledgers)),
    ...unexpectedlyShown(said, ledgers.shown),
    ...unexpectedlyReceived(said, ledgers.received),
    ...ledgers.split.map((chat) => finding('split chat', 'in', chat, chat.into)),
    ...checkOrder(said, ledgers),
  ]
}

/** Agents' messages that Chatwoot shows as failed and of which at least a part has not arrived, with the reason. */
export function failedVisibly(
  said: readonly Said[],
  ledgers: Ledgers,
): { said: Replied; reason: string }[] {
  return said
    .filter((one) => one.by === 'agent')
    .filter((one) => isShownAsFailed(one, ledgers.shown) && missingParts(one, ledgers) > 0)
    .map((one) => ({ said: one, reason: messageOf(one, ledgers.shown)?.error ?? '' }))
}

/** What has not come to its end yet: neither arrived nor shown as failed. */
export function unsettled(said: readonly Said[], ledgers: Ledgers): Said[] {
  const { shown } = ledgers
  return said.filter((one) => {
    if (one.by === 'agent') return missingParts(one, ledgers) > 0 && !isShownAsFailed(one, shown)
    return one.accepted() && !shown.some(({ sourceId }) => sourceId === one.keyId)
  })
}

function checkWritten(one: Written, shown: readonly Shown[]): Finding[] {
  const copies = shown.filter(({ sourceId }) => sourceId === one.keyId)
  const problem = (what: Finding['what']) => finding(what, 'in', one, `${one.by} ${one.kind}`)
  const [copy] = copies
  if (copy === undefined) return one.accepted() ? [problem('lost')] : []
  const findings: Finding[] = []
  if (copies.length > 1) findings.push(problem('twice'))
  if (copies.some((each) => chatName(each) !== chatName(one))) findings.push(problem('wrong chat'))
  const isRight =
    copy.incoming === (one.by === 'customer') && (!one.mark || hasMark(copy, one.mark))
  if (!isRight) findings.push(problem('wrong content'))
  return findings
}

function checkReplied(one: Replied, ledgers: Ledgers): Finding[] {
  const problem = (what: Finding['what']) => finding(what, 'out', one, `${one.by} ${one.kind}`)
  const findings: Finding[] = []
  for (const mark of one.parts) {
    const copies = ledgers.received.filter((message) => isOf(message, mark))
    if (copies.length > 1) findings.push(problem('twice'))
    if (copies.some((each) => chatName(each) !== chatName(one))) {
      findings.push(problem('wrong chat'))
    }
  }
  const isMissing = missingParts(one, ledgers) > 0
  if (isMissing && !isShownAsFailed(one, ledgers.shown)) findings.push(problem('lost'))
  return findings
}

function missingParts({ parts }: Replied, { received }: Ledgers): number {
  return parts.filter((mark) => !received.some((message) => isOf(message, mark))).length
}

/** The Chatwoot messages that nobody on WhatsApp wrote and no agent either. */
function unexpectedlyShown(said: readonly Said[], shown: readonly Shown[]): Finding[] {
  const known = new Set(
    said.map((one) => (one.by === 'agent' ? idOf(one, one.messageId) : `key ${one.keyId}`)),
  )
  return shown
    .filter((one) => !known.has(`key ${one.sourceId}`) && !known.has(idOf(one, one.messageId)))
    .map((one) => finding('unexpected', 'in', one, 'a message nobody wrote'))
}

function unexpectedlyReceived(said: readonly Said[], received: readonly Received[]): Finding[] {
  const marks = said.flatMap((one) => (one.by === 'agent' ? one.parts : []))
  return received
    .filter((one) => !one.typed && !marks.some((mark) => isOf(one, mark)))
    .map((one) => finding('unexpected', 'out', one, 'a message nobody wrote'))
}

function isShownAsFailed(one: Replied, shown: readonly Shown[]): boolean {
  const message = messageOf(one, shown)
  return message?.status === 'failed' && message.error !== undefined
}

function messageOf(one: Replied, shown: readonly Shown[]): Shown | undefined {
  return shown.find((each) => idOf(each, each.messageId) === idOf(one, one.messageId))
}

/** Accounts may be on different Chatwoots that count alike. */
const idOf = ({ account }: ChatOf, messageId: number) => `${account} ${messageId}`

function hasMark({ content, sha256 }: Shown, mark: Mark): boolean {
  return 'text' in mark ? content.includes(mark.text) : sha256.includes(mark.sha256)
}
