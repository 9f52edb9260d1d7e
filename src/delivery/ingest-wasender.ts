import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import { aliasesOf, type People, type Who } from '../identity/people.ts'
import {
  chatAddresses,
  parseWasenderWebhook,
  type WasenderEvent,
} from '../wasender/events/index.ts'
import type { Dispatch } from './dispatch.ts'
import type { Direction, NewEntry } from './lanes.ts'
import { isWanted } from './wanted.ts'

/** What an authentic webhook came to; the `result` label of `bridge_webhooks_total`. */
export type IngestResult = 'queued' | 'ignored' | 'unknown'

export type IngestWasenderDeps = {
  people: People
  dispatch: Dispatch
  clock: Clock
  /** Told about every change of the session's state. */
  onSessionStatus: (account: Account, status: string) => Promise<void>
  onUnknown: (account: Account, event: string, reason: string) => void
}

/** Where an event has to wait, and behind what. */
type Place = { direction: Direction; who: Who; order: number }

/**
 * Takes an authentic WasenderAPI webhook: splits it into its events and puts each into the lane of its chat. Resolves
 * once everything is durable. Never throws because of what the body holds.
 */
export function createIngestWasender(deps: IngestWasenderDeps) {
  const { people, dispatch, clock } = deps

  /** The chat keeps an order only if every address of a person leads to the same lane. */
  async function laneKey(account: Account, who: Who): Promise<string> {
    // A LID alone is not learned yet: the worker first asks WasenderAPI for its number.
    const isBareLid = who.lid !== undefined && who.phone === undefined
    if (!isBareLid) return people.resolve(account.id, who)
    return (await people.find(account.id, who)) ?? (aliasesOf(who)[0] as string)
  }

  async function entryFor(account: Account, event: WasenderEvent): Promise<NewEntry | undefined> {
    const place = placeOf(account, event, clock.now())
    if (place === undefined) return undefined
    const { direction, who, order } = place
    const lane = { direction, account: account.id, key: await laneKey(account, who) }
    return { lane, order, receivedAt: clock.now(), event }
  }

  /** Events that are about the session or nothing at all, not about a chat. */
  async function note(account: Account, event: WasenderEvent): Promise<void> {
    if (event.type === 'session-status') await deps.onSessionStatus(account, event.status)
    if (event.type === 'unknown') deps.onUnknown(account, event.event, event.reason)
  }

  return async (
    account: Account,
    body: unknown,
  ): Promise<{ event: string; result: IngestResult }> => {
    const { event: name, events } = parseWasenderWebhook(body)
    const entries: NewEntry[] = []
    for (const event of events) {
      await note(account, event)
      const entry = await entryFor(account, event)
      if (entry !== undefined) entries.push(entry)
    }
    await dispatch.post(entries)
    if (entries.length > 0) return { event: name, result: 'queued' }
    const isUnknown = events.some((event) => event.type === 'unknown')
    return { event: name, result: isUnknown ? 'unknown' : 'ignored' }
  }
}

function placeOf(account: Account, event: WasenderEvent, now: number): Place | undefined {
  switch (event.type) {
    case 'message':
    case 'sent':
      if (!isWanted(account, event.key)) return undefined
      // WhatsApp's own time, in its seconds: webhooks of one chat overtake each other (section 2, ordering).
      return {
        direction: 'in',
        who: chatAddresses(event.key),
        order: Math.floor((event.at ?? now) / 1000),
      }
    case 'status':
    case 'receipt':
      return { direction: 'status', who: chatAddresses(event.key), order: 0 }
    case 'send-failed': {
      const address = event.to ?? event.key?.chat
      if (address === undefined) return undefined
      const phone = address.kind === 'phone' ? { phone: address.digits } : {}
      return { direction: 'status', who: { address, ...phone }, order: 0 }
    }
    default:
      return undefined
  }
}
