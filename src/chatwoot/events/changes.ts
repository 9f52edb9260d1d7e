import { field, isRecord } from '../shapes/lenient.ts'
import type { Changes } from './types.ts'

/** Columns that hold credentials, whichever table they are in (docs/platforms/chatwoot.md#payloads). */
const CREDENTIAL = /token|secret|password/i

/**
 * `changed_attributes`: a list of one-key objects, null, or missing; one object is accepted as
 * well.
 */
export const changes = field((value): Changes => {
  const entries = [value].flat().filter(isRecord).flatMap(Object.entries)
  const kept = entries.filter((entry): entry is [string, Record<string, unknown>] => {
    return isRecord(entry[1]) && !CREDENTIAL.test(String(entry[0]))
  })
  return Object.fromEntries(
    kept.map(([name, { previous_value, current_value }]) => [
      name,
      { previous: previous_value, current: current_value },
    ]),
  )
})
