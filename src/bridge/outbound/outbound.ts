import type { Account } from '../../accounts/account.ts'
import type { Limits } from '../../accounts/limits.ts'
import type { DownloadFile } from '../../content/media/download.ts'
import { createOutboundMedia } from '../../content/media/outbound/outbound-media.ts'
import { createVoiceEncoder } from '../../content/media/outbound/voice-encoder.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Identity } from '../../people/identity.ts'
import type { Entry, Lane } from '../../queue/entry.ts'
import type { Queue, Throttle } from '../../queue/queue.ts'
import type { BeforeSend } from '../catch-up/before-send.ts'
import type { OutEvent } from '../events.ts'
import type { Observer } from '../observer.ts'
import type { Sends } from '../sends/sends.ts'
import { createHandleCommand } from './handle-command.ts'
import { createHandleOutbound, type OutboundResult } from './handle-outbound.ts'
import { createOutboundFailure } from './outbound-failure.ts'
import type { Pace } from './pace.ts'
import type { ReadReceipts } from './read-receipts.ts'
import { createPreparedFiles, type SendMessageDeps } from './send-message.ts'

/** From Chatwoot to WhatsApp: handles what waits in an `out` lane. */
export type Outbound = (
  account: Account,
  entry: Entry,
  lane: Lane,
  event: OutEvent,
) => Promise<void>

export type OutboundDeps = {
  queue: Queue
  identity: Identity
  sends: Sends
  beforeSend: BeforeSend
  readReceipts: Pick<ReadReceipts, 'answered'>
  limits: Limits
  pace: Pace
  throttle: Throttle
  download: DownloadFile
  /** Since when an account is there, ms since 1970. */
  sinceOf: (account: Account) => Promise<number>
  /** What came before this moment (ms since 1970) may have been done although nothing here knows of it. */
  doubtBefore: () => number
  clock: Clock
  observer: Pick<Observer, 'onMessage'>
}

export function createOutbound(deps: OutboundDeps): Outbound {
  const { queue, sends, pace, limits, throttle, download, clock, observer } = deps
  const { people, conversations } = deps.identity
  const { journal, report, infoPolls, messageLog, otherAddresses } = sends
  const onResult = (account: Account, kind: string, result: OutboundResult) => {
    if (result === 'accepted') queue.lastDelivered.note(account.id, 'out')
    observer.onMessage({ account, direction: 'out', kind, result })
  }
  const outboundMedia = createOutboundMedia({ download, voice: createVoiceEncoder() })
  const sending: SendMessageDeps = {
    journal,
    clock,
    pace,
    limits,
    preparedFiles: createPreparedFiles({ outboundMedia, clock }),
    failure: createOutboundFailure({ journal, clock, report, onResult }),
    messageLog,
    throttle,
    infoPolls,
    otherAddresses,
    places: queue.places,
    people,
    conversations,
    answered: deps.readReceipts.answered,
    onResult,
  }
  return createHandleOutbound({
    sending,
    handleCommand: createHandleCommand({ sending, journal, clock, conversations, download }),
    journal,
    clock,
    places: queue.places,
    failures: queue.failures,
    beforeSend: deps.beforeSend,
    ownIds: sends.ownIds,
    ownUpdates: sends.ownUpdates,
    report,
    sinceOf: deps.sinceOf,
    doubtBefore: deps.doubtBefore,
    onResult,
  })
}
