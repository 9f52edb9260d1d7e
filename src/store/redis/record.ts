import { z } from 'zod'
import { parseJson } from '../../parse-json.ts'
import type { Indexes } from '../keys.ts'

/** What `write-script.ts` answers: done, or the record that was there instead of the expected one. */
export const writeAnswerSchema = z.union([
  z.tuple([z.literal(1)]),
  z.tuple([z.literal(0), z.string()]),
])

/** The value in a record of `write-script.ts`; `undefined` when it is none. */
export function recordValue(record: string): unknown {
  return parseJson(record.slice(record.lastIndexOf('\n') + 1))
}

/** Names of the index sets a value belongs in, without their prefix. Index names have no colon. */
export function indexSets<T>(indexes: Indexes<T, string>, value: T): string[] {
  return Object.entries(indexes).flatMap(([index, keyOf]) => {
    const key = keyOf(value)
    return key === undefined ? [] : [indexSet(index, key)]
  })
}

export function indexSet(index: string, key: string): string {
  return `${index}:${key}`
}
