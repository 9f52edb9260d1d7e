import type { Message } from '../../chatwoot/shapes/message.ts'

/** Begins the source id of every picture of a code. */
export const QR_PREFIX = 'operator:qr:'
/** Begins the source id of the line after which no more codes are shown. */
export const QR_PAUSED_PREFIX = 'operator:qr-paused:'

/**
 * So many codes follow each other before somebody has to say that a phone is at hand: a session that nobody scans would
 * otherwise fill the conversation, a code every 20 to 45 seconds (docs/platforms/wasender.md#qr-codes).
 */
const MOST_IN_A_ROW = 6

/** What to do about a code. */
export type QrPlan = {
  /** `first`: no other code is shown at the moment. `paused`: this many were, and nobody scanned one. */
  show: 'first' | 'renewed' | 'paused' | 'no'
  /** Pictures of codes that are over. */
  remove: Message['id'][]
}

type Seen = Pick<Message, 'id' | 'sourceId' | 'contentAttributes'>

/** Decides by what the conversation shows, so that neither restarts nor other processes change anything. Pure. */
export function planQr(latest: readonly Seen[], sourceId: string): QrPlan {
  const shown = shownCodes(latest)
  if (shown.some((code) => code.sourceId === sourceId)) {
    return { show: 'no', remove: idsOf(shown.filter((code) => code.sourceId !== sourceId)) }
  }
  const remove = idsOf(shown)
  if (startsWith(latest.at(-1), QR_PAUSED_PREFIX)) return { show: 'no', remove }
  if (codesInARow(latest) >= MOST_IN_A_ROW) return { show: 'paused', remove }
  return { show: shown.length === 0 ? 'first' : 'renewed', remove }
}

/** The codes agents can see. */
export function shownCodes<M extends Seen>(latest: readonly M[]): M[] {
  return latest.filter(
    (message) => startsWith(message, QR_PREFIX) && message.contentAttributes.deleted !== true,
  )
}

/** Whatever else is written begins a new row: a line about the session, or an agent. */
function codesInARow(latest: readonly Seen[]): number {
  const other = latest.findLastIndex((message) => !startsWith(message, QR_PREFIX))
  return latest.length - 1 - other
}

function startsWith(message: Seen | undefined, prefix: string): boolean {
  return message?.sourceId?.startsWith(prefix) === true
}

const idsOf = (messages: readonly Seen[]) => messages.map(({ id }) => id)
