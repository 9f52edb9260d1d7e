import type { Redis } from 'ioredis'
import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import { withCrashPoints } from '../../crash-points.ts'
import type { Identity } from '../../identity/identity.ts'
import { createOtherAddresses, type OtherAddresses } from '../../identity/other-addresses.ts'
import type { AccountId } from '../../ids.ts'
import type { State } from '../../store/state.ts'
import { createOwnIds, type OwnIds } from '../inbound/own-ids.ts'
import { createLaneKeys } from '../intake/lane-keys.ts'
import type { OutLane } from '../intake/out-lane.ts'
import type { Queue } from '../lanes/queue.ts'
import type { Limits } from '../outages/limits.ts'
import { type Answers, createAnswers } from './answers.ts'
import { createAskInfo } from './ask-info.ts'
import { createDisowned, type Disowned } from './disowned.ts'
import { createEarlyReceipts } from './early-receipts.ts'
import { createFailureGuesses, type FailureGuesses } from './failure-guesses.ts'
import { createInfoPolls, type InfoPolls } from './info-polls.ts'
import { createJournal, type Journal } from './journal.ts'
import { createMessageLog, type MessageLog } from './message-log.ts'
import { createOwnUpdates, type OwnUpdates } from './own-updates.ts'
import { createReceipts, type Receipts } from './receipts.ts'
import { createReportRequests, type RequestReport } from './report-requests.ts'
import { createSendElsewhere, type SendElsewhere } from './send-elsewhere.ts'
import { createToldInfos } from './told-infos.ts'
import { createUnnamedFailures, type UnnamedFailures } from './unnamed-failures.ts'

/** The journal of what is sent, and whatever finds out what became of a send. */
export type Sends = {
  journal: Journal
  report: RequestReport
  receipts: Receipts
  infoPolls: InfoPolls
  messageLog: MessageLog
  disowned: Disowned
  answers: Answers
  failureGuesses: FailureGuesses
  unnamedFailures: UnnamedFailures
  otherAddresses: OtherAddresses
  sendElsewhere: SendElsewhere
  ownIds: OwnIds
  ownUpdates: OwnUpdates
}

export function createSends(deps: {
  state: State
  queueRedis: () => Redis
  accounts: ReadonlyMap<AccountId, Account>
  queue: Queue
  identity: Identity
  outLane: OutLane
  limits: Limits
  clock: Clock
  onError: (error: unknown) => void
}): Sends {
  const { state, queueRedis, accounts, outLane, limits, clock, onError } = deps
  const { redis, prefix, store } = state
  const { dispatch, failures } = deps.queue
  const { people, conversations } = deps.identity
  const journal = withCrashPoints('journal', createJournal({ store, clock }))
  const report = createReportRequests({ dispatch, clock })
  const otherAddresses = createOtherAddresses({ people, conversations })
  const sendElsewhere = createSendElsewhere({
    journal,
    store,
    otherAddresses,
    outLane,
    dispatch,
    clock,
  })
  const early = withCrashPoints('early', createEarlyReceipts({ redis, prefix }))
  const ownUpdates = createOwnUpdates({ clock })
  const receipts = createReceipts({
    journal,
    early,
    store,
    failures,
    limits,
    sendElsewhere,
    ownUpdates,
  })
  const laneKey = createLaneKeys(people)
  const disowned = createDisowned({ state, journal, laneKey, dispatch, clock })
  const answers = createAnswers({ redis, prefix })
  const messageLog = createMessageLog({ journal })
  const unnamedFailures = createUnnamedFailures({ redis, prefix })
  const askInfo = createAskInfo({
    journal,
    receipts,
    messageLog,
    disowned,
    toldInfos: createToldInfos({ redis, prefix }),
    unnamedFailures,
    answers,
    report,
  })
  const infoPolls = createInfoPolls({
    redis: queueRedis(),
    blockingRedis: queueRedis(),
    prefix,
    askInfo,
    accounts,
    onError,
  })
  return {
    journal,
    report,
    receipts,
    infoPolls: withCrashPoints('infoPolls', infoPolls),
    messageLog,
    disowned,
    answers,
    failureGuesses: createFailureGuesses({ state, journal }),
    unnamedFailures,
    otherAddresses,
    sendElsewhere,
    ownIds: createOwnIds({ redis, prefix, journal }),
    ownUpdates,
  }
}
