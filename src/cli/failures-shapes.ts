import { z } from 'zod'

/** A dead letter as the admin API tells it. */
export const failureShape = z.looseObject({
  id: z.string(),
  account: z.string(),
  direction: z.string(),
  chat: z.string(),
  kind: z.string(),
  code: z.string(),
  reason: z.string(),
  attempts: z.number(),
  failedAt: z.string(),
})
export const failurePage = z.object({
  failures: z.array(failureShape),
  cursor: z.number().nullable(),
})
export const retriedShape = z.object({ retried: z.number() })
export const discardedShape = z.object({ discarded: z.number() })
