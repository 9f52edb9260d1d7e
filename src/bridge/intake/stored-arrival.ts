import { z } from 'zod'
import {
  readContactDeleted,
  readConversationEvent,
  readInEvent,
  readOutEvent,
  readStatusEvent,
  storedWho,
} from '../stored-events.ts'
import type { Arrival } from './route.ts'

const route = z.discriminatedUnion('to', [
  z.looseObject({
    to: z.literal('chat'),
    who: storedWho,
    order: z.number(),
    at: z.number().optional(),
    event: z.unknown().refine((event) => readInEvent(event) !== undefined),
  }),
  z.looseObject({
    to: z.literal('status'),
    who: storedWho.optional(),
    event: z.unknown().refine((event) => readStatusEvent(event) !== undefined),
  }),
  z.looseObject({
    to: z.literal('aside'),
    name: z.string(),
    waitMs: z.number(),
    event: z.unknown().refine((event) => readInEvent(event) !== undefined),
  }),
])

const FROM_CHATWOOT = [readOutEvent, readConversationEvent, readContactDeleted]

const common = { account: z.string(), receivedAt: z.number() }

const arrivalSchema = z.discriminatedUnion('from', [
  z.looseObject({ ...common, from: z.literal('wasender'), route }),
  z.looseObject({
    ...common,
    from: z.literal('chatwoot'),
    event: z
      .unknown()
      .refine((event) => FROM_CHATWOOT.some((readEvent) => readEvent(event) !== undefined)),
  }),
])

/** What waited in the spool, of this release or an earlier one; `undefined` when it is nothing the bridge knows. */
export function readArrival(item: unknown): Arrival | undefined {
  return arrivalSchema.safeParse(item).success ? (item as Arrival) : undefined
}
