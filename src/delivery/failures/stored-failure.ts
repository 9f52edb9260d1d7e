import { z } from 'zod'
import type { AccountId } from '../../ids.ts'
import { parseJson } from '../../parse-json.ts'
import { entryOf, isNewer } from '../lanes/stored-entry.ts'
import type { Failure } from './failures.ts'

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
