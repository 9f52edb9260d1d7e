import { z } from 'zod'
import { refused } from './errors.ts'
import { parse } from './params.ts'

const condition = z.object({
  attribute_key: z.string(),
  filter_operator: z.string(),
  values: z.union([z.array(z.unknown()), z.string(), z.number()]).nullish(),
  query_operator: z.string().nullish(),
})
type Condition = z.output<typeof condition>

const OPERATORS: Readonly<Record<string, (own: string, wanted: string[]) => boolean>> = {
  equal_to: (own, wanted) => wanted.includes(own),
  not_equal_to: (own, wanted) => !wanted.includes(own),
  contains: (own, wanted) => wanted.some((value) => own.includes(value)),
  does_not_contain: (own, wanted) => !wanted.some((value) => own.includes(value)),
  starts_with: (own, wanted) => wanted.some((value) => own.startsWith(value)),
  is_present: (own) => own !== '',
  is_not_present: (own) => own === '',
  is_greater_than: (own, [wanted]) => Date.parse(own) > Date.parse(wanted ?? ''),
  is_less_than: (own, [wanted]) => Date.parse(own) < Date.parse(wanted ?? ''),
}

/** How the attributes of a kind of record are read for filtering; an unreadable key is a 422. */
export type Readers<Row> = Readonly<Record<string, (row: Row) => unknown>>

/**
 * The filter grammar of contacts and conversations (docs/platforms/chatwoot.md#finding-contacts): conditions in order,
 * each joined to the next by its `query_operator`. AND binds tighter, as in the SQL that Chatwoot writes. Texts compare
 * without case.
 */
export function filterRows<Row>(rows: Row[], body: unknown, readers: Readers<Row>): Row[] {
  const { payload } = parse(z.object({ payload: z.array(condition).min(1) }), body)
  const tests = payload.map((entry) => testOf(entry, readers))
  const groups: ((row: Row) => boolean)[][] = [[]]
  for (const [index, test] of tests.entries()) {
    groups.at(-1)?.push(test)
    if (payload[index]?.query_operator?.toUpperCase() === 'OR') groups.push([])
  }
  const alternatives = groups.filter((group) => group.length > 0)
  return rows.filter((row) => alternatives.some((group) => group.every((test) => test(row))))
}

function testOf<Row>(entry: Condition, readers: Readers<Row>): (row: Row) => boolean {
  const read = readers[entry.attribute_key]
  const compare = OPERATORS[entry.filter_operator]
  if (read === undefined)
    throw refused(
      `Invalid attribute key - [${entry.attribute_key}]. The key should be one of [${Object.keys(readers).join(',')}] or a custom attribute defined in the account.`,
    )
  if (compare === undefined)
    throw refused(
      `Invalid operator. The allowed operators for ${entry.attribute_key} are [${Object.keys(OPERATORS).join(',')}].`,
    )
  const values = Array.isArray(entry.values) ? entry.values : [entry.values ?? '']
  const wanted = values.map((value) => lower(normalised(entry.attribute_key, value)))
  return (row) => {
    const own = read(row)
    if (Array.isArray(own)) return own.some((item) => compare(lower(item), wanted))
    return compare(lower(own), wanted)
  }
}

const lower = (value: unknown) => String(value ?? '').toLowerCase()

/** Phone numbers may be given without their plus. */
function normalised(key: string, value: unknown): unknown {
  return key === 'phone_number' ? `+${String(value).replace(/^\+/, '')}` : value
}
