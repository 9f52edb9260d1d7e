import { z } from 'zod'
import type { ConversationId } from '../../ids.ts'
import { parseJson } from '../../parse-json.ts'
import type { Entry } from './lanes.ts'

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
