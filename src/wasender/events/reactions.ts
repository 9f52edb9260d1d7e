import { z } from 'zod'
import { anything, compact, entriesOf, millis, text } from './fields.ts'
import { readKey } from './key.ts'
import { type ReadEvent, unknownEvent, type WasenderEvent } from './types.ts'

const reactionSchema = z.object({
  key: anything,
  reaction: z.object({ key: anything, text, senderTimestampMs: millis }),
})

/** `messages.reaction`: the outer key is the message reacted to (docs/platforms/wasender.md#reactions). */
export const readReactions: ReadEvent = (data, event) =>
  entriesOf(data, 'messages', 'reactions').map((entry) => reactionEvent(entry, event))

function reactionEvent(entry: unknown, event: string): WasenderEvent {
  const parsed = reactionSchema.safeParse(entry)
  const target = parsed.success ? readKey(parsed.data.key) : undefined
  if (!parsed.success || target === undefined) {
    return unknownEvent(event, 'reaction without a usable key')
  }
  const { reaction } = parsed.data
  const own = readKey(reaction.key)
  return {
    type: 'reaction',
    target,
    text: reaction.text ?? '',
    ...compact({
      // The docs' example repeats the target's key here, which says nothing about the author.
      reactionKey: own?.id === target.id ? undefined : own,
      at: reaction.senderTimestampMs,
    }),
  }
}
