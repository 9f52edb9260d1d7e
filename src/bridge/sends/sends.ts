import type { Redis } from 'ioredis'
import type { Account } from '../../accounts/account.ts'
import type { Limits } from '../../accounts/limits.ts'
import type { Clock } from '../../kernel/clock.ts'
import { withCrashPoints } from '../../kernel/crash-points.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { Identity } from '../../people/identity.ts'
import { createOtherAddresses, type OtherAddresses } from '../../people/other-addresses.ts'
import type { Queue } from '../../queue/queue.ts'
import type { State } from '../../state/store/types.ts'
import { createOwnIds, type OwnIds } from '../inbound/dedupe.ts'
import { createLaneKeys, type OutLane } from '../intake/out-lane.ts'
import { createAskInfo, createInfoPolls, createInfoWatermark, type InfoPolls } from './ask-info.ts'
import { type Answers, createAnswers, createMistakenEchoes, type MistakenEchoes } from './echoes.ts'
import {
  createFailureGuesses,
  createUnnamedFailures,
  type FailureGuesses,
  type UnnamedFailures,
} from './failed-send.ts'
import { createJournal, type Journal } from './journal.ts'
import { createMessageLog, type MessageLog } from './message-log.ts'
import { createEarlyReceipts, createReceipts, type Receipts } from './receipts.ts'
import {
  createOwnUpdates,
  createReportRequests,
  type OwnUpdates,
  type RequestReport,
} from './report-message.ts'
import { createSendElsewhere, type SendElsewhere } from './send-elsewhere.ts'

/** The journal of what is sent, and whatever finds out what became of a send. */
export type Sends = {
  journal: Journal
  report: RequestReport
  receipts: Receipts
  infoPolls: InfoPolls
  messageLog: MessageLog
  mistakenEchoes: MistakenEchoes
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
  const { prefix, store } = state
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
  const early = withCrashPoints('early', createEarlyReceipts(state))
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
  const mistakenEchoes = createMistakenEchoes({ state, journal, laneKey, dispatch, clock })
  const answers = createAnswers(state)
  const messageLog = createMessageLog({ journal })
  const unnamedFailures = createUnnamedFailures(state)
  const askInfo = createAskInfo({
    journal,
    receipts,
    messageLog,
    mistakenEchoes,
    infoWatermark: createInfoWatermark(state),
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
    mistakenEchoes,
    answers,
    failureGuesses: createFailureGuesses({ state, journal }),
    unnamedFailures,
    otherAddresses,
    sendElsewhere,
    ownIds: createOwnIds({ state, journal }),
    ownUpdates,
  }
}
