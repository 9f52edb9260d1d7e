import type { OutboundLink, ReportedStatus, SendState } from '../../store/types.ts'

/** What to tell Chatwoot about an agent's message. */
export type Report =
  | { status: Exclude<ReportedStatus, 'failed'> }
  | { status: 'failed'; reason: string }

const SHOWN: Record<SendState, ReportedStatus> = {
  queued: 'sent',
  sending: 'sent',
  unknown: 'sent',
  accepted: 'sent',
  linked: 'sent',
  delivered: 'delivered',
  read: 'read',
  failed: 'failed',
}

const RANK: Record<Exclude<ReportedStatus, 'failed'>, number> = { sent: 0, delivered: 1, read: 2 }

/**
 * The status of a message made of several WhatsApp messages: the worst of them. Those that are still to be sent count
 * as sent, so that a failure among them is not overtaken by the receipts of the first.
 */
export function statusOf(parts: readonly OutboundLink[], fallbackReason: string): Report {
  const failed = parts.find((part) => part.state === 'failed')
  if (failed !== undefined) return { status: 'failed', reason: failed.reason ?? fallbackReason }
  const shown = parts.map((part) => SHOWN[part.state]).filter((status) => status !== 'failed')
  if (parts.length < (parts[0]?.of ?? 1)) return { status: 'sent' }
  const [lowest = 'sent'] = shown.sort((a, b) => RANK[a] - RANK[b])
  return { status: lowest }
}

/**
 * Whether a report says anything new. States only go forward, except out of a failure that proved to be none. Chatwoot
 * would take them in any order (docs/platforms/chatwoot.md#message-status).
 */
export function isNews(report: Report, reported: ReportedStatus = 'sent'): boolean {
  if (report.status === 'failed') return reported === 'sent'
  if (reported === 'failed') return true
  return RANK[report.status] > RANK[reported]
}
