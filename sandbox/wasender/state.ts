import type { Clock } from '../../src/kernel/clock.ts'
import { type Blobs, createBlobs } from './blobs.ts'
import { type Calls, createCalls } from './calls.ts'
import { type Cdn, createCdn, hostExamples } from './cdn.ts'
import { type Changes, createChanges } from './changes.ts'
import { createDirectory, type Directory, type DirectoryOptions } from './directory.ts'
import { createGroups, type Groups } from './group-registry.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { createPhones, type Phones } from './phones.ts'
import { createPolls, type Polls } from './polls.ts'
import { createRandom, type Random } from './random.ts'
import { createSessions, type Sessions } from './session-registry.ts'
import { createSettings, type Settings, type SettingsOptions } from './settings.ts'
import { createTasks, type Tasks } from './tasks.ts'
import { createWebhooks, type WebhookFaults, type Webhooks } from './webhooks.ts'

/** Everything the stand-in knows. Routes and actors take the parts of it that they need. */
export type World = {
  clock: Clock
  settings: Settings
  random: Random
  changes: Changes
  tasks: Tasks
  calls: Calls
  webhooks: Webhooks
  sessions: Sessions
  directory: Directory
  phones: Phones
  outbox: Outbox
  groups: Groups
  polls: Polls
  blobs: Blobs
  cdn: Cdn
  /** Scheme, host and port, without a trailing slash. */
  origin: () => string
}

export type WorldOptions = DirectoryOptions & {
  clock: Clock
  seed: number
  settings: SettingsOptions
  webhookFaults: WebhookFaults
  retryMs: number
  webhookTimeoutMs: number
  /** How many API calls and webhooks the ledgers remember. */
  keep: number
  origin: () => string
}

export function createWorld(options: WorldOptions): World {
  const { clock, origin, keep } = options
  const random = createRandom(options.seed)
  const changes = createChanges()
  const tasks = createTasks()
  const blobs = createBlobs(clock)
  hostExamples(blobs)
  return {
    clock,
    settings: createSettings(options.settings),
    random,
    changes,
    tasks,
    calls: createCalls(clock, changes, keep),
    webhooks: createWebhooks({
      clock,
      random,
      changes,
      tasks,
      keep,
      faults: options.webhookFaults,
      retryMs: options.retryMs,
      timeoutMs: options.webhookTimeoutMs,
    }),
    sessions: createSessions({ random, clock }),
    directory: createDirectory(options),
    phones: createPhones(changes),
    outbox: createOutbox(clock, changes),
    groups: createGroups(random, () => clock.now()),
    polls: createPolls(),
    blobs,
    cdn: createCdn({ blobs, random, clock, origin }),
    origin,
  }
}
