import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../clock.ts'

/** What proves that somebody has signed in, as the cookie holds it. */
export type Ticket = {
  id: string
  /** Milliseconds since 1970. */
  expiresAt: number
}

/** How long a sign-in lasts. */
export const SIGNED_IN_MS = 12 * 60 * 60_000

/**
 * Tickets that need no list of who is signed in: they are signed with a key made from the admin token, so a changed
 * token ends them all. Only those that were ended early are remembered.
 */
export type Tickets = {
  /** A new one, as the cookie's value. */
  issue(): string
  /** `undefined` when it is forged, over or was ended. */
  read(value: string | undefined): Ticket | undefined
  /** Somebody signs out. */
  end(ticket: Ticket): void
  /** What every form of this sign-in carries, and no other site can know. */
  formToken(ticket: Ticket): string
  isFormToken(ticket: Ticket, given: string | undefined): boolean
}

export function createTickets({ token, clock }: { token: string; clock: Clock }): Tickets {
  const key = createHmac('sha256', token).update('admin sign-in').digest()
  const ended = new Map<string, number>()
  const sign = (text: string) => createHmac('sha256', key).update(text).digest('base64url')
  const formToken = ({ id }: Ticket) => sign(`form.${id}`)

  return {
    issue() {
      const body = `${randomBytes(18).toString('base64url')}.${clock.now() + SIGNED_IN_MS}`
      return `${body}.${sign(`ticket.${body}`)}`
    },
    read(value = '') {
      const [id = '', expiry = '', signature = ''] = value.split('.')
      if (!isEqual(signature, sign(`ticket.${id}.${expiry}`))) return undefined
      const ticket = { id, expiresAt: Number(expiry) }
      return ticket.expiresAt > clock.now() && !ended.has(id) ? ticket : undefined
    },
    end({ id, expiresAt }) {
      for (const [old, until] of ended) if (until <= clock.now()) ended.delete(old)
      ended.set(id, expiresAt)
    },
    formToken,
    isFormToken: (ticket, given = '') => isEqual(given, formToken(ticket)),
  }
}

function isEqual(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}
