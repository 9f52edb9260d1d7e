import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { createLastDelivered } from '../../queue/lanes.ts'
import { createAlone, createTurnMarks } from '../../queue/turn.ts'

/** What turns need besides lanes and a handler, for a process that is alone on its Redis. */
export function turnParts({
  redis,
  prefix,
  run = randomUUID(),
}: {
  redis: Redis
  prefix: string
  run?: string
}) {
  return {
    marks: createTurnMarks({ redis, prefix, run, isShared: false }),
    alone: createAlone(),
    lastDelivered: createLastDelivered({ clock: { now: Date.now } }),
    setAside: async () => {},
    onNewer: () => {},
  }
}
