/** Every state of a session that is written down somewhere (docs/platforms/wasender.md#session-states). */
export const SESSION_STATUSES = [
  'connecting',
  'connected',
  'disconnected',
  'need_scan',
  'need_passkey',
  'logged_out',
  'expired',
  'error',
] as const

export type KnownSessionStatus = (typeof SESSION_STATUSES)[number]

/** Lower case. A state nobody has documented yet is kept by name, marked as unknown. */
export type SessionStatus = KnownSessionStatus | `unknown:${string}`

const KNOWN: ReadonlySet<string> = new Set(SESSION_STATUSES)

/**
 * Reads a status as any route or webhook writes it (`connected`, `NEED_SCAN`, `DISCONNECTED`);
 * never throws.
 */
export function parseSessionStatus(raw: unknown): SessionStatus {
  if (typeof raw !== 'string') return 'unknown:'
  const status = raw
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
  return isKnownSessionStatus(status)
    ? status
    : `unknown:${status.replaceAll(/[^a-z_]/g, '').slice(0, 40)}`
}

/** Whether a state is one of those that are written down. */
export function isKnownSessionStatus(status: string): status is KnownSessionStatus {
  return KNOWN.has(status)
}
