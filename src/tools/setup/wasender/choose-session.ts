import type { Session } from '../../../platforms/wasender/session-schema.ts'
import { leadsHere } from '../reaching.ts'

/** What is to become of the question which session it is. */
export type SessionChoice =
  | { kind: 'adopt'; id: number }
  | { kind: 'create' }
  /** A person has to say which. */
  | { kind: 'ask'; candidates: Session[] }
  | { kind: 'impossible'; why: string }

/**
 * Which session it is to be: the one that was asked for, else the one that posts to us already (an interrupted run
 * leaves such a one), else the one of the configuration, else the one with the number. One that posts elsewhere is
 * never taken without being asked for, because a session has one webhook only.
 */
export function chooseSession(options: {
  sessions: readonly Session[]
  /** `new`, or the number of a session. */
  wanted?: string | undefined
  /** Of the configuration. */
  known?: string | undefined
  phone?: string | undefined
  webhookUrl: string
}): SessionChoice {
  const { sessions, wanted, known, phone, webhookUrl } = options
  const byId = (id: string | undefined) => sessions.find((session) => String(session.id) === id)

  const ours = sessions.find((session) => session.webhookUrl === webhookUrl)
  if (wanted === 'new') return ours ? { kind: 'adopt', id: ours.id } : { kind: 'create' }
  if (wanted !== undefined) {
    const session = byId(wanted)
    if (session !== undefined) return { kind: 'adopt', id: session.id }
    return { kind: 'impossible', why: `The WasenderAPI account has no session ${wanted}.` }
  }
  const obvious = ours ?? freeOne(byId(known), webhookUrl) ?? idleWith(phone, sessions)
  if (obvious !== undefined) return { kind: 'adopt', id: obvious.id }
  if (sessions.length === 0 || isNew(phone, sessions)) return { kind: 'create' }
  return { kind: 'ask', candidates: [...sessions] }
}

/** The session unless it serves another program. */
function freeOne(session: Session | undefined, webhookUrl: string): Session | undefined {
  return leadsHere(session?.webhookUrl ?? webhookUrl, webhookUrl) ? session : undefined
}

function idleWith(phone: string | undefined, sessions: readonly Session[]): Session | undefined {
  if (phone === undefined) return undefined
  return sessions.filter(hasNumber(phone)).find(({ webhookUrl }) => webhookUrl === undefined)
}

const digitsOf = (phone: string | undefined) => phone?.replace(/\D/g, '')

function hasNumber(phone: string): (session: Session) => boolean {
  return (session) => digitsOf(session.phoneNumber) === digitsOf(phone)
}

/** A number that no session has can only be meant for a new one. */
function isNew(phone: string | undefined, sessions: readonly Session[]): boolean {
  return phone !== undefined && !sessions.some(hasNumber(phone))
}
