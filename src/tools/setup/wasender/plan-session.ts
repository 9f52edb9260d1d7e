import { wasenderSubscriptions } from '../../../platforms/wasender/events/index.ts'
import type { Session, SessionSettings } from '../../../platforms/wasender/session-schema.ts'
import { leadsHere } from '../reaching.ts'

/** What is to become of the question which session it is. */
type SessionChoice =
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

/** What of the configuration decides about what a session should not even deliver. */
export type Unwanted = { groups: boolean; channels: boolean }

/** Settings every session of the bridge has to have, new or not. */
type Recommended = Pick<
  SessionSettings,
  | 'webhookUrl'
  | 'webhookEnabled'
  | 'webhookEvents'
  | 'logMessages'
  | 'readIncomingMessages'
  | 'ignoreGroups'
  | 'ignoreChannels'
  | 'ignoreBroadcasts'
>

/** The settings with which a session serves the bridge (docs/platforms/wasender.md#session-settings). */
export function recommendedSettings(webhookUrl: string, unwanted: Unwanted): Recommended {
  return {
    webhookUrl,
    webhookEnabled: true,
    webhookEvents: wasenderSubscriptions,
    // The logs tell whether a send happened whose answer was lost.
    logMessages: true,
    // Blue ticks are for when an agent has answered.
    readIncomingMessages: false,
    ignoreGroups: unwanted.groups,
    ignoreChannels: unwanted.channels,
    // With stories it would also drop what customers write to their broadcast lists, which is for us alone.
    ignoreBroadcasts: false,
  }
}

/**
 * The settings that have to change. Events somebody else subscribed to are kept. A switch the gateway does not
 * mention counts as off, or each run would set it again.
 */
export function planSession(session: Session, wanted: Recommended): Partial<Recommended> {
  const found: Recommended = {
    webhookUrl: session.webhookUrl ?? '',
    webhookEnabled: session.webhookEnabled ?? false,
    webhookEvents: session.webhookEvents ?? [],
    logMessages: session.logMessages ?? false,
    readIncomingMessages: session.readIncomingMessages ?? false,
    ignoreGroups: session.ignoreGroups ?? false,
    ignoreChannels: session.ignoreChannels ?? false,
    ignoreBroadcasts: session.ignoreBroadcasts ?? false,
  }
  const events = new Set([...found.webhookEvents, ...wanted.webhookEvents])
  const target: Recommended = { ...wanted, webhookEvents: [...events] }
  const differing = Object.entries(target).filter(
    ([key, value]) => !isSame(Reflect.get(found, key), value),
  )
  return Object.fromEntries(differing)
}

function isSame(found: unknown, wanted: unknown): boolean {
  if (!Array.isArray(found) || !Array.isArray(wanted)) return found === wanted
  return found.length === wanted.length && wanted.every((each) => found.includes(each))
}
