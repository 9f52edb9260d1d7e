import { z } from 'zod'

const count = z.number()

/** What is kept of a person in one account, in numbers, as the admin API tells it. */
export const keptShape = z.object({
  account: z.string(),
  /** Their conversations in Chatwoot, as far as the bridge knows them. */
  conversations: z.array(z.number()),
  /** Phone number and LID, each with the names WhatsApp told. */
  addresses: count,
  /** Messages whose ids are kept, without what they say. */
  messages: count,
  /** Messages and receipts that wait, with what they say. */
  waiting: count,
  /** Dead letters, with what they say. */
  failures: count,
  /** Short-lived memories in Redis. */
  memories: count,
})

export type Kept = z.output<typeof keptShape>

export function isSomething({ addresses, messages, waiting, failures, memories }: Kept): boolean {
  return addresses + messages + waiting + failures + memories > 0
}
