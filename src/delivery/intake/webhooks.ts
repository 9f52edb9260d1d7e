import type { Clock } from '../../clock.ts'
import {
  createDeletedContacts,
  type DeletedContacts,
} from '../../contacts-forget/deleted-contacts.ts'
import { createConversations } from '../../identity/conversations.ts'
import type { Identity } from '../../identity/identity.ts'
import { createPeople } from '../../identity/people.ts'
import type { Operator } from '../../session/operator/operator.ts'
import type { QrCodes } from '../../session/qr-codes.ts'
import type { State } from '../../store/state.ts'
import { unlessFull } from '../../store/unless-full.ts'
import type { Queue } from '../lanes/queue.ts'
import type { Throttle } from '../lanes/throttle.ts'
import type { TurnOptions } from '../lanes/turn.ts'
import type { Observer } from '../observer.ts'
import type { SessionPauses } from '../outages/session-pauses.ts'
import { createIngestChatwoot } from './ingest-chatwoot.ts'
import { createIngestWasender } from './ingest-wasender.ts'
import { createIntake, type Intake } from './intake.ts'
import { createLastLanes } from './last-lanes.ts'
import { createOutLane } from './out-lane.ts'
import { type Arrival, createPlaceArrival } from './place-arrival.ts'
import { createReorderWindow, type ReorderWindow } from './reorder-window.ts'
import { createSessionStatus } from './session-status.ts'
import type { Spool } from './spool.ts'
import { createTyping } from './typing.ts'
import { createGiveUpArrival } from './unplaced.ts'

/** Takes the webhooks of both platforms. */
export type Webhooks = {
  ingestWasender: ReturnType<typeof createIngestWasender>
  ingestChatwoot: ReturnType<typeof createIngestChatwoot>
  intake: Intake
  reorderWindow: ReorderWindow
  /** Contacts whose deletion in Chatwoot was told. */
  deletedContacts: DeletedContacts
}

export type WebhooksDeps = {
  state: State
  /** Where webhooks wait while Redis is away. */
  spool: Spool<Arrival>
  queue: Queue
  identity: Identity
  sessionPauses: SessionPauses
  operator: Operator
  qrCodes: QrCodes
  throttle: Throttle
  giveUp: TurnOptions['giveUp']
  clock: Clock
  observer: Observer
}

export function createWebhooks(deps: WebhooksDeps): Webhooks {
  const { state, sessionPauses, operator, qrCodes, throttle, clock, observer } = deps
  const { own, conversations } = deps.identity
  const { onUnknown } = observer
  const deletedContacts = createDeletedContacts({ redis: state.redis, prefix: state.prefix })
  const reorderWindow = createReorderWindow({ clock })
  const intake = createQueueing(deps, { deletedContacts, reorderWindow })
  return {
    ingestWasender: createIngestWasender({
      intake,
      clock,
      onUnknown,
      onQr(account, qr) {
        qrCodes.learned(account, qr)
        operator.codeChanged(account)
      },
      onSessionStatus: createSessionStatus({ own, sessionPauses, qrCodes, operator, observer }),
    }),
    ingestChatwoot: createIngestChatwoot({
      intake,
      clock,
      onUnknown,
      onTyping: createTyping({ conversations, throttle, onFailed: observer.onTypingFailed }),
    }),
    intake,
    reorderWindow,
    deletedContacts,
  }
}

/** What puts a webhook into its lane, for which a full disk is no obstacle. */
function createQueueing(
  { state, spool, queue, identity, giveUp, clock, observer }: WebhooksDeps,
  made: Pick<Webhooks, 'deletedContacts' | 'reorderWindow'>,
): Intake {
  const { redis, prefix } = state
  const { lanes, dispatch } = queue
  const { onAttemptFailed, onWorkerError } = observer
  const store = unlessFull(state.store)
  const conversations = createConversations({ store, clock })
  return createIntake({
    spool,
    place: createPlaceArrival({
      people: createPeople({ store, clock, own: identity.own }),
      conversations,
      lanes,
      outLane: createOutLane({
        conversations,
        lanes,
        lastLanes: createLastLanes({ redis, prefix }),
      }),
      reorderWindow: made.reorderWindow,
      deletedContacts: made.deletedContacts,
      clock,
    }),
    dispatch,
    tryOut: queue.tryOut,
    giveUp: createGiveUpArrival({ giveUp, onAttemptFailed, onWorkerError }),
    onSpool(news) {
      observer.onSpool(news)
      // While webhooks wait on disk Redis takes nothing, so nothing is begun either.
      if (news.state === 'filling') queue.hold()
      else queue.revive()
    },
    onError: onWorkerError,
  })
}
