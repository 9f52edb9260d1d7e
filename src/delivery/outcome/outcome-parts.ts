import type { Redis } from 'ioredis'
import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import { withCrashPoints } from '../../crash-points.ts'
import type { People } from '../../identity/people.ts'
import type { AccountId } from '../../ids.ts'
import type { Store } from '../../store/types.ts'
import type { Dispatch } from '../dispatch.ts'
import { createLaneKeys } from '../intake/lane-keys.ts'
import { type AskInfoDeps, createAskInfo } from './ask-info.ts'
import { createDisowned } from './disowned.ts'
import { createInfoPolls } from './info-polls.ts'
import type { Journal } from './journal.ts'
import { createMessageLog } from './message-log.ts'
import type { Receipts } from './receipts.ts'
import type { RequestReport } from './report-requests.ts'
import { createToldInfos } from './told-infos.ts'
import { createUnnamedFailures } from './unnamed-failures.ts'

/** Everything that finds out what became of a send, put together. */
export function createOutcomeParts(options: {
  redis: Redis
  queueRedis: () => Redis
  prefix: string
  store: Store
  people: People
  accounts: ReadonlyMap<AccountId, Account>
  clock: Clock
  journal: Journal
  receipts: Receipts
  report: RequestReport
  answers: AskInfoDeps['answers']
  dispatch: Dispatch
  onError: (error: unknown) => void
}) {
  const { queueRedis, prefix, people, accounts, onError } = options
  const disowned = createDisowned({ ...options, laneKey: createLaneKeys(people) })
  const messageLog = createMessageLog(options)
  const toldInfos = createToldInfos(options)
  const unnamedFailures = createUnnamedFailures(options)
  const infoPolls = createInfoPolls({
    redis: queueRedis(),
    blockingRedis: queueRedis(),
    prefix,
    askInfo: createAskInfo({ ...options, messageLog, disowned, toldInfos, unnamedFailures }),
    accounts,
    onError,
  })
  return {
    disowned,
    messageLog,
    unnamedFailures,
    infoPolls: withCrashPoints('infoPolls', infoPolls),
  }
}
