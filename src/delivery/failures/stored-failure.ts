import { z } from 'zod'
import type { AccountId } from '../../ids.ts'
import { parseJson } from '../../parse-json.ts'
import type { Direction, Entry } from '../lanes/lanes.ts'
import { entryOf, isNewer } from '../lanes/stored-entry.ts'

/** An entry that was given up, with all that is needed to try it again. */
export type Failure = {
  /** `{account}.{entry id}`. */
  id: string
  account: AccountId
  direction: Direction
  /** Its lane by name, and its place there. */
  lane: string
  order: number
  /** Stable reason, e.g. `chatwoot.invalid`. */
  code: string
  /** Safe to show: no text, no number, no secret. */
  message: string
  /** ms since 1970. */
  failedAt: number
  entry: Entry
}

/** Version of a dead letter. The releases before wrote none. */
const VERSION = 1

const schema = z.object({
  id: z.string(),
  account: z.string().transform((id) => id as AccountId),
  direction: z.enum(['in', 'out', 'status']),
  lane: z.string(),
  order: z.number(),
  code: z.string(),
  message: z.string(),
  failedAt: z.number(),
  entry: z.looseObject({ id: z.string() }),
})

export type StoredFailure =
  | { is: 'failure'; failure: Failure }
  | { is: 'newer' }
  | { is: 'damaged' }

export function failureBody(failure: Failure): string {
  return JSON.stringify({ v: VERSION, ...failure })
}

export function readFailure(body: string): StoredFailure {
  const json = parseJson(body)
  if (isNewer(json, VERSION)) return { is: 'newer' }
  const { success, data } = schema.safeParse(json)
  if (!success) return { is: 'damaged' }
  const stored = entryOf(data.entry.id, data.entry)
  return stored.is === 'entry'
    ? { is: 'failure', failure: { ...data, entry: stored.entry } }
    : { is: stored.is }
}
