import { wasenderSubscriptions } from '../../../platforms/wasender/events/index.ts'
import type { Session, SessionSettings } from '../../../platforms/wasender/session-schema.ts'

/** What of the configuration decides about what a session should not even deliver. */
export type Unwanted = { groups: boolean; channels: boolean }

/** Settings every session of the bridge has to have, new or not. */
export type Recommended = Pick<
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
