import { z } from 'zod'

/** Why a contact of WhatsApp's list is left alone. */
const SKIP_REASONS = [
  /** Groups and channels get their contact with their first message. */
  'group',
  'channel',
  /** The chat with ourselves has no customer. */
  'own',
  /** Neither a number nor a LID. */
  'unreadable',
  /** A message of theirs is on its way, and brings the contact along. */
  'busy',
  /** Chatwoot does not take it, as a number that is none. */
  'refused',
] as const

export type SkipReason = (typeof SKIP_REASONS)[number]

const chat = z.string()
const counts = z.object({
  /** Made in Chatwoot. */
  created: z.number(),
  /** Was in Chatwoot; later messages reach it now. */
  linked: z.number(),
  /** Is as an earlier import or a message left it. */
  unchanged: z.number(),
  skipped: z.number(),
})
const reasons = z.partialRecord(z.enum(SKIP_REASONS), z.number())

/** What became of one contact; `chat` is its name in the bridge, as `pn:15550001111`. */
const contact = z.object({
  type: z.literal('contact'),
  chat,
  result: z.enum(['created', 'linked', 'unchanged', 'skipped']),
  reason: z.enum(SKIP_REASONS).optional(),
  /** With `refused`: the error's code. */
  code: z.string().optional(),
  /** How many were looked at, of how many when WhatsApp says so. */
  done: z.number(),
  total: z.number().nullable(),
})

/** Nothing moves for so long, because a platform asks for it or cannot answer. */
const waiting = z.object({ type: z.literal('waiting'), code: z.string(), seconds: z.number() })

/** The last line. `all`: every contact was looked at; `limit`: as many as wanted were brought. */
const end = z.object({
  type: z.literal('end'),
  because: z.enum(['all', 'limit']),
  dryRun: z.boolean(),
  counts,
  reasons,
})

/** The last line of an import that broke off; running it again goes on. */
const stopped = z.object({
  type: z.literal('stopped'),
  code: z.string(),
  message: z.string(),
  counts,
  reasons,
})

/** One line of an import's progress. */
export const progressShape = z.discriminatedUnion('type', [contact, waiting, end, stopped])

export type Progress = z.output<typeof progressShape>
export type ContactProgress = z.output<typeof contact>
export type Counts = z.output<typeof counts>
export type Reasons = z.output<typeof reasons>

/** What became of one contact. */
export type Outcome = Pick<ContactProgress, 'chat' | 'result' | 'reason' | 'code'>

/** Keeps count of what an import has done. */
export type Tally = {
  /** How many there are by now. */
  add(outcome: Outcome): number
  /** How many were created or linked. */
  brought(): number
  sums(): { counts: Counts; reasons: Reasons }
}

export function createTally(): Tally {
  const counts: Counts = { created: 0, linked: 0, unchanged: 0, skipped: 0 }
  const reasons: Reasons = {}
  let done = 0
  return {
    add({ result, reason }) {
      counts[result] += 1
      if (reason !== undefined) reasons[reason] = (reasons[reason] ?? 0) + 1
      done += 1
      return done
    },
    brought: () => counts.created + counts.linked,
    sums: () => ({ counts: { ...counts }, reasons: { ...reasons } }),
  }
}
