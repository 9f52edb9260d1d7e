import { z } from 'zod'
import type { Failure } from '../delivery/failures/stored-failure.ts'
import { laneOf } from '../delivery/lanes/lanes.ts'

/** A dead letter as the list shows it: ids and facts, nothing of what was said. */
export type FailureSummary = {
  id: string
  account: string
  direction: Failure['direction']
  /** The chat, or the conversation when the chat is not known. */
  chat: string
  /** What it is: `message`, `status`, … */
  kind: string
  /** Chatwoot's ids, where the entry has them. */
  conversationId?: number
  messageId?: number
  /** WhatsApp's id, where the entry has it. */
  whatsappId?: string
  code: string
  reason: string
  attempts: number
  /** ISO 8601. */
  receivedAt: string
  failedAt: string
}

/** With the event itself, as it waited in its lane. */
export type FailureDetail = FailureSummary & { event: unknown }

const number = z.number().optional().catch(undefined)

/** Where the ids stand in the various events of the lanes. */
const idsOf = z
  .looseObject({
    type: z.string().catch('unknown'),
    id: z.union([z.number(), z.string()]).optional().catch(undefined),
    messageId: number,
    conversationId: number,
    conversation: z.looseObject({ id: number }).optional().catch(undefined),
    key: z.looseObject({ id: z.string() }).optional().catch(undefined),
  })
  .catch({ type: 'unknown' })

export function summaryOf(failure: Failure): FailureSummary {
  const { id, account, direction, lane, code, message, failedAt, entry } = failure
  const ids = idsOf.parse(entry.event)
  const messageId = ids.messageId ?? (typeof ids.id === 'number' ? ids.id : undefined)
  const conversationId = ids.conversationId ?? ids.conversation?.id
  return {
    id,
    account,
    direction,
    chat: laneOf(lane).key,
    kind: ids.type,
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(messageId === undefined ? {} : { messageId }),
    ...(ids.key === undefined ? {} : { whatsappId: ids.key.id }),
    code,
    reason: message,
    attempts: entry.attempts + 1,
    receivedAt: new Date(entry.receivedAt).toISOString(),
    failedAt: new Date(failedAt).toISOString(),
  }
}

export function detailOf(failure: Failure): FailureDetail {
  return { ...summaryOf(failure), event: failure.entry.event }
}
