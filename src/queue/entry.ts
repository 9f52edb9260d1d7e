import { z } from 'zod'
import type { AccountId, ConversationId } from '../kernel/ids.ts'
import { parseJson } from '../kernel/text.ts'

/** Version of what waits in a lane. The releases before wrote none. */
const VERSION = 1

const versioned = z.looseObject({ v: z.number() })

const amount = z.number().optional().catch(undefined)

/** The id of an entry stands beside it. A field that is forgotten here does not compile. */
const FIELDS = {
  receivedAt: z.number(),
  event: z.unknown().refine((event) => event !== undefined),
  attempts: z.number().int().min(0),
  fileFailures: amount,
  refusals: amount,
  failedAt: amount,
  triedIn: z
    .number()
    .transform((id) => id as ConversationId)
    .optional()
    .catch(undefined),
  looks: amount,
  notBefore: amount,
  putOffAt: amount,
  renewedAt: amount,
} satisfies { [Name in keyof Omit<Entry, 'id'>]-?: z.ZodType }

const bodySchema = z.object(FIELDS)

/** `newer`: a later release wrote it, which has to read it. */
export type StoredEntry = { is: 'entry'; entry: Entry } | { is: 'newer' } | { is: 'damaged' }

export function entryBody({ id: _id, ...body }: Entry): string {
  return JSON.stringify({ v: VERSION, ...body })
}

export function readEntry(id: string, body: string): StoredEntry {
  return entryOf(id, parseJson(body))
}

/** The same of what was parsed already, as within a dead letter. */
export function entryOf(id: string, json: unknown): StoredEntry {
  if (isNewer(json, VERSION)) return { is: 'newer' }
  const { success, data } = bodySchema.safeParse(json)
  if (!success) return { is: 'damaged' }
  const known = Object.entries(data).filter(([, value]) => value !== undefined)
  return { is: 'entry', entry: { ...(Object.fromEntries(known) as Omit<Entry, 'id'>), id } }
}

export function isNewer(json: unknown, version: number): boolean {
  const read = versioned.safeParse(json)
  return read.success && read.data.v > version
}

/**
 * `in`: WhatsApp messages on their way to Chatwoot. `out`: agents' messages on their way to WhatsApp.
 * `status`: receipts of what was sent; apart from `in`, so that a customer's message that is being retried
 * never holds up a tick.
 */
export type Direction = 'in' | 'out' | 'status'

/** One queue of strict order: everything of one chat in one direction of one account. */
export type Lane = {
  direction: Direction
  account: AccountId
  /** What keeps the order together, usually the chat id. */
  key: string
}

/** Something waiting in a lane. Nobody writes into it: what an attempt learned travels with what it throws (`wait-until.ts`). */
export type Entry<Event = unknown> = {
  /** `{sequence}.{receivedAt}`, with the arrival before the sequence if that breaks ties: unique, sorts so. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly receivedAt: number
  readonly event: Event
  /** Failed attempts so far. */
  readonly attempts: number
  /** Of these, how many were due to a file that could not be had or handed on. */
  readonly fileFailures?: number
  /** And how many while other messages got across (`retry.ts`). */
  readonly refusals?: number
  /** When the last one failed, ms since 1970. */
  readonly failedAt?: number
  /** Of something from WhatsApp: the conversation that the last attempt wrote into, or tried to. */
  readonly triedIn?: ConversationId
  /** How often Chatwoot was asked in vain for earlier messages. */
  readonly looks?: number
  /** Not before this moment, ms since 1970: a retry, a sign that may still come. */
  readonly notBefore?: number
  /** When `notBefore` was written, ms since 1970. */
  readonly putOffAt?: number
  /**
   * How long it is retried counts from here, ms since 1970: an admin had it tried anew, or it came while the clock was ahead.
   */
  readonly renewedAt?: number
}

export type NewEntry<Event = unknown> = {
  lane: Lane
  /** Smaller goes first among the entries of a lane; equal ones go by arrival. */
  order: number
  receivedAt: number
  event: Event
  /** How long to wait, from `receivedAt` on, for an earlier one that may have been overtaken on its way. */
  delayMs?: number
  /** Has the lane looked at now, even while its head waits for a retry. */
  urgent?: boolean
}

/** One string for a lane: the deduplication id of its job and part of its Redis keys. */
export function laneName(lane: Lane): string {
  return `${lane.direction}:${lane.account}:${lane.key}`
}

/** The inverse of {@link laneName}; account ids hold no colon. */
export function laneOf(name: string): Lane {
  const [direction = '', account = '', ...rest] = name.split(':')
  return {
    direction: direction as Direction,
    account: account as AccountId,
    key: rest.join(':'),
  }
}
