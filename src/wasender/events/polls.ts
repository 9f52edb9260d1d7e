import { z } from 'zod'
import { readAddresses } from './addresses.ts'
import { anything, entriesOf } from './fields.ts'
import { readKey } from './key.ts'
import { type ReadEvent, unknownEvent, type WasenderEvent } from './types.ts'

const resultSchema = z.object({
  key: anything,
  pollResult: z.array(
    z.object({ name: z.string(), voters: z.array(z.unknown()).optional().catch(undefined) }),
  ),
})

/** `poll.results`: the whole tally of a poll sent through the API (docs/platforms/wasender.md#polls). */
export const readPollResults: ReadEvent = (data, event) =>
  entriesOf(data, 'messages').map((entry) => resultEvent(entry, event))

function resultEvent(entry: unknown, event: string): WasenderEvent {
  const parsed = resultSchema.safeParse(entry)
  const key = parsed.success ? readKey(parsed.data.key) : undefined
  if (!parsed.success || key === undefined) {
    return unknownEvent(event, 'poll result without a usable key or options')
  }
  const options = parsed.data.pollResult.map(({ name, voters = [] }) => ({
    name,
    // A voter written in an unknown way still voted.
    votes: voters.length,
    voters: voters.flatMap((voter) => readAddresses(voter) ?? []),
  }))
  return { type: 'poll-result', key, options }
}
