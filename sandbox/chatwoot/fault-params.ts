import { z } from 'zod'
import type { Fault } from '../faults.ts'

const scope = {
  method: z.string().optional(),
  path: z.string().optional(),
  times: z.number().int().positive().optional(),
}
const simple = <Kind extends string>(kind: Kind) => z.object({ kind: z.literal(kind), ...scope })
const milliseconds = z.number().nonnegative()
const status = z.number().int().min(200).max(599)

/** A fault as the control surface takes it. */
export const faultParams: z.ZodType<Fault> = z.discriminatedUnion('kind', [
  simple('delay').extend({ ms: milliseconds }),
  simple('scatter').extend({ ms: milliseconds }),
  simple('delay-after').extend({ ms: milliseconds }),
  simple('refuse'),
  simple('drop-after'),
  simple('fail-after').extend({ status, body: z.unknown().optional() }),
  simple('answer').extend({
    status,
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).default({}),
  }),
  simple('html'),
  simple('bad-json'),
  simple('hang'),
])
