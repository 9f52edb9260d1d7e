import { crashed } from './errors.ts'
import { threadOf } from './lookups.ts'
import type { World } from './state.ts'
import type { Conversation, Message } from './types.ts'

/** Query of a message list; absent bounds are undefined. */
export type MessageQuery = {
  before?: number | undefined
  after?: number | undefined
  withoutInternal?: boolean
}

const MAX_ID = 2_147_483_647

/** The page a query means, oldest first (docs/platforms/chatwoot.md#listing-messages). */
export function listMessages(
  world: World,
  conversation: Conversation,
  { before, after, withoutInternal = false }: MessageQuery,
): Message[] {
  const all = threadOf(world, conversation).filter(
    (message) => !withoutInternal || (!message.private && message.messageType !== 'activity'),
  )
  const from = bounded(world, after)
  const to = bounded(world, before)
  if (from !== undefined && to !== undefined)
    return all.filter(({ id }) => id >= from && id < to).slice(0, 1000)
  if (from !== undefined) return all.filter(({ id }) => id > from).slice(0, 100)
  return all.filter(({ id }) => to === undefined || id < to).slice(-20)
}

/** Ids beyond 32 bits fail before 4.17 and are clamped afterwards. */
function bounded(world: World, id: number | undefined): number | undefined {
  if (id === undefined || id <= MAX_ID) return id
  if (!world.has('clampedIds')) throw crashed()
  return MAX_ID
}
