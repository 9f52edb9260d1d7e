import type { Clock } from '../kernel/clock.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { Account } from './account.ts'

/** A code is valid for about 45 s (docs/platforms/wasender.md#qr-codes). */
const VALID_MS = 45_000

/** The codes that were heard of, in memory only: they are login secrets. */
export type QrCodes = {
  learned(account: Pick<Account, 'id'>, qr: string): Qr
  /** `undefined` when there is none that is still valid. */
  known(account: Pick<Account, 'id'>): Qr | undefined
  /** The session was linked, or let go: no code opens it any more. */
  forget(account: Pick<Account, 'id'>): void
}

export function createQrCodes({ clock }: { clock: Clock }): QrCodes {
  const codes = new Map<AccountId, Qr>()
  return {
    learned({ id }, qr) {
      const code = { qr, expiresAt: clock.now() + VALID_MS }
      codes.set(id, code)
      return code
    },
    known({ id }) {
      const found = codes.get(id)
      if (found !== undefined && clock.now() < found.expiresAt) return found
      codes.delete(id)
      return undefined
    },
    forget: ({ id }) => void codes.delete(id),
  }
}

/** A QR code is a login secret: shown to an admin, never logged or stored. */
export type Qr = {
  qr: string
  /** Milliseconds since 1970. */
  expiresAt: number
}
