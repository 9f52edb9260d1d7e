import type { Account } from '../../accounts/account.ts'
import type { QrCodes } from '../../accounts/qr-codes.ts'
import type { Clock } from '../../kernel/clock.ts'
import { createConversations } from '../../people/conversations.ts'
import type { Identity } from '../../people/identity.ts'
import type { OwnIdentity } from '../../people/own.ts'
import { createPeople } from '../../people/people.ts'
import {
  type ChatwootEvent,
  type ConversationEvent,
  parseChatwootWebhook,
  type TypingEvent,
} from '../../platforms/chatwoot/events.ts'
import { parseWasenderWebhook, type WasenderEvent } from '../../platforms/wasender/events/index.ts'
import type { Queue, Throttle } from '../../queue/queue.ts'
import type { Spool } from '../../queue/spool/spool.ts'
import type { TurnOptions } from '../../queue/turn.ts'
import { unlessFull } from '../../state/store/forgiving.ts'
import type { State } from '../../state/store/types.ts'
import { concernsWhatsapp } from '../concerns-whatsapp.ts'
import type { ContactDeletedEvent } from '../events.ts'
import { createDeletedContacts, type DeletedContacts } from '../forget/deleted-contacts.ts'
import type { SessionPauses } from '../holds/session-pauses.ts'
import type { Observer } from '../observer.ts'
import type { TellOperator } from '../operator-news.ts'
import { createIntake, type Intake } from './intake.ts'
import { createLastLanes, createOutLane } from './out-lane.ts'
import {
  type Arrival,
  createGiveUpArrival,
  createReorderWindow,
  createRouteArrival,
  type ReorderWindow,
  routeOf,
} from './route.ts'
import { createTyping } from './typing.ts'

/** Takes the webhooks of both platforms. */
export type Webhooks = {
  ingestWasender: ReturnType<typeof createIngestWasender>
  ingestChatwoot: ReturnType<typeof createIngestChatwoot>
  intake: Intake
  reorderWindow: ReorderWindow
  /** Contacts whose deletion in Chatwoot was told. */
  deletedContacts: DeletedContacts
}

type WebhooksDeps = {
  state: State
  /** Where webhooks wait while Redis is away. */
  spool: Spool<Arrival>
  queue: Queue
  identity: Identity
  sessionPauses: SessionPauses
  operator: Pick<TellOperator, 'sessionChanged' | 'codeChanged'>
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
  const deletedContacts = createDeletedContacts(state)
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
  const { lanes, dispatch } = queue
  const { onAttemptFailed, onWorkerError } = observer
  const store = unlessFull(state.store)
  const conversations = createConversations({ store, clock })
  return createIntake({
    spool,
    place: createRouteArrival({
      people: createPeople({ store, clock, own: identity.own }),
      conversations,
      lanes,
      outLane: createOutLane({
        conversations,
        lanes,
        lastLanes: createLastLanes(state),
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

/**
 * States in which nothing can be sent until a person or the gateway acts (docs/platforms/wasender.md#session-states).
 */
const DOWN: ReadonlySet<string> = new Set([
  'disconnected',
  'need_scan',
  'need_passkey',
  'logged_out',
  'expired',
  'error',
])

/**
 * What a webhook about the session's state starts. It is no more than a hint, which a sender and the polling can do
 * without, so nothing that goes wrong here costs the webhook.
 */
function createSessionStatus(deps: {
  own: Pick<OwnIdentity, 'forget'>
  sessionPauses: Pick<SessionPauses, 'up' | 'down'>
  qrCodes: Pick<QrCodes, 'forget'>
  operator: Pick<TellOperator, 'sessionChanged'>
  observer: Pick<Observer, 'onSessionStatus' | 'onWorkerError'>
}) {
  const { own, sessionPauses, qrCodes, observer } = deps
  return async (account: Account, status: string): Promise<void> => {
    observer.onSessionStatus(account, status)
    deps.operator.sessionChanged(account, status)
    if (status === 'connected') {
      own.forget(account.id)
      qrCodes.forget(account)
      sessionPauses.up(account).catch(observer.onWorkerError)
    }
    if (DOWN.has(status)) sessionPauses.down(account).catch(observer.onWorkerError)
  }
}

/** What an authentic webhook came to; the `result` label of `bridge_webhooks_total`. */
export type IngestResult = 'queued' | 'ignored' | 'unknown'

type IngestWasenderDeps = {
  intake: Pick<Intake, 'accept'>
  clock: Clock
  /** Told about every change of the session's state. */
  onSessionStatus: (account: Account, status: string) => Promise<void>
  /** Told of a QR code, which nothing but this may keep. */
  onQr: (account: Account, qr: string) => void
  onUnknown: (account: Account, event: string, reason: string) => void
}

/**
 * Takes an authentic WasenderAPI webhook: splits it into its events and puts each into the lane of its chat. Resolves
 * once everything is durable. Never throws because of what the body holds.
 */
function createIngestWasender(deps: IngestWasenderDeps) {
  const { intake, clock } = deps

  /** Events that are about the session or nothing at all, not about a chat. */
  async function note(account: Account, event: WasenderEvent): Promise<void> {
    if (event.type === 'session-status') await deps.onSessionStatus(account, event.status)
    if (event.type === 'qr') deps.onQr(account, event.qr)
    if (event.type === 'unknown') deps.onUnknown(account, event.event, event.reason)
  }

  return async (
    account: Account,
    body: unknown,
  ): Promise<{ event: string; result: IngestResult }> => {
    const { event: name, events } = parseWasenderWebhook(body)
    const receivedAt = clock.now()
    const arrivals: Arrival[] = []
    for (const event of events) {
      await note(account, event)
      const route = routeOf(account, event, receivedAt)
      if (route === undefined) continue
      arrivals.push({ from: 'wasender', account: account.id, receivedAt, route })
    }
    const waiting = await intake.accept(arrivals)
    if (waiting > 0) return { event: name, result: 'queued' }
    const isUnknown = events.some((event) => event.type === 'unknown')
    return { event: name, result: isUnknown ? 'unknown' : 'ignored' }
  }
}

type IngestChatwootDeps = {
  intake: Pick<Intake, 'accept'>
  clock: Clock
  /** An agent began or stopped writing. Not worth waiting for. */
  onTyping: (account: Account, event: TypingEvent) => void
  onUnknown: (account: Account, event: string, reason: string) => void
}

/**
 * Takes an authentic Chatwoot webhook: agents' messages go into the lane of their chat, what is known of conversations is
 * kept up to date, everything else is let go. Resolves once durable.
 */
export function createIngestChatwoot(deps: IngestChatwootDeps) {
  const { intake, clock } = deps

  /** The callback knows one inbox only; an account webhook under the same URL would bring all of them. */
  function isOurs(account: Account, event: ChatwootEvent): boolean {
    return !('conversation' in event) || event.conversation.inboxId === account.inboxId
  }

  return async (
    account: Account,
    body: unknown,
  ): Promise<{ event: string; result: IngestResult }> => {
    const event = parseChatwootWebhook(body)
    const name = nameOf(event)
    if (event.type === 'unknown') {
      deps.onUnknown(account, name, event.reason)
      return { event: name, result: 'unknown' }
    }
    if (!isOurs(account, event)) return { event: name, result: 'ignored' }
    const arrival = { from: 'chatwoot', account: account.id, receivedAt: clock.now() } as const
    const change = changeOfRecords(event)
    if (change !== undefined) await intake.accept([{ ...arrival, event: change }])
    if (event.type === 'typing') deps.onTyping(account, event)
    if (event.type !== 'message' || !concernsWhatsapp(account, event)) {
      return { event: name, result: 'ignored' }
    }
    await intake.accept([{ ...arrival, event }])
    return { event: name, result: 'queued' }
  }
}

/** What changes what is known of a conversation or a person, and concerns no lane. */
function changeOfRecords(
  event: ChatwootEvent,
): ConversationEvent | ContactDeletedEvent | undefined {
  if (event.type === 'conversation') return event
  if (event.type !== 'contact' || event.action !== 'deleted') return undefined
  return { type: 'contact', action: 'deleted', contact: { id: event.contact.id } }
}

/** The event's name as Chatwoot spells it, for metrics. */
function nameOf(event: ChatwootEvent): string {
  switch (event.type) {
    case 'message':
    case 'conversation':
    case 'contact':
      return `${event.type}_${event.action}`
    case 'typing':
      return event.on ? 'conversation_typing_on' : 'conversation_typing_off'
    case 'other':
      return event.event
    case 'unknown':
      return event.event ?? 'unnamed'
  }
}
