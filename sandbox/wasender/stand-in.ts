import type { Faults } from '../faults.ts'
import { digitsOf } from './addresses.ts'
import type { ApiCall } from './calls.ts'
import type { Change } from './changes.ts'
import { createGroupActor, type GroupActor } from './group-actor.ts'
import type { GroupEvents } from './group-events.ts'
import type { GroupOptions } from './group-registry.ts'
import { textNode } from './nodes.ts'
import type { Outgoing } from './outbox.ts'
import type { OwnChanges } from './own-changes.ts'
import { createOwner, type Owner } from './owner.ts'
import type { MakePerson } from './people.ts'
import type { PhoneMessage } from './phones.ts'
import type { Session, SessionOptions, SessionStatus } from './session.ts'
import type { SessionLife } from './session-life.ts'
import type { EchoSettings, Settings } from './settings.ts'
import type { World } from './state.ts'
import { putOnPhones } from './target.ts'
import { createWaitFor, type WaitFor } from './wait-for.ts'
import type { WebhookDelivery, WebhookFaults } from './webhooks.ts'
import type { EmitOptions } from './wire.ts'

/** What tests and the demo do with the stand-in, besides its HTTP API. */
export type Controls = {
  personalAccessToken: string
  /** Faults of API requests. */
  faults: Faults
  /** Faults of webhooks; assign to its fields. */
  webhookFaults: WebhookFaults
  settings: Settings
  /** What follows an accepted send; assign to its fields. The same object as `settings.echo`. */
  echo: EchoSettings
  sessions(): Session[]
  /** The first session, or the one with this id. */
  session(id?: number): Session
  addSession(options?: SessionOptions): Session
  person: MakePerson
  /** Whoever holds the phone of the first session. */
  owner: Owner
  ownerOf(sessionId: number): Owner
  group(options: GroupOptions & { session?: number }): GroupActor
  /** Digits of numbers without WhatsApp; add and delete at any time. */
  notOnWhatsapp: Set<string>
  /** What the person's phone got from the business, oldest first. */
  inbox(phone: string): PhoneMessage[]
  /** Both sides of it. */
  chat(phone: string): readonly PhoneMessage[]
  /** A message the API accepted. */
  outgoing(msgId: number): Outgoing | undefined
  /** A text that the first session sent before all this: it is known here and on the phone, and nobody is told. */
  sentBefore(text: SentBefore): Outgoing
  /** Every API request, oldest first. */
  calls: readonly ApiCall[]
  callsTo(path: string | RegExp, method?: string): ApiCall[]
  /** How many requests one route got, whatever came of them. */
  countOf(path: string | RegExp, method?: string): number
  webhookLog: readonly WebhookDelivery[]
  waitFor: WaitFor
  subscribe(listener: (change: Change) => void): () => void
  setStatus(sessionId: number, status: SessionStatus): Promise<void>
  /** Scans the QR code: connecting, then connected. */
  scan(sessionId: number): Promise<void>
  /** Sends any webhook at all. `data` is sent as it is. */
  emit(sessionId: number, event: string, data: unknown, options?: EmitOptions): Promise<void>
}

/** `to` with a `+`; `ack` as in the message log. */
export type SentBefore = { keyId: string; to: string; text: string; ack: number }

export type ControlParts = World & {
  faults: Faults
  personalAccessToken: string
  notOnWhatsapp: Set<string>
  life: SessionLife
  ownChanges: OwnChanges
  groupEvents: GroupEvents
  person: MakePerson
}

export function createControls(parts: ControlParts): Controls {
  const { sessions, phones, calls, webhooks, settings, life, faults, outbox, changes } = parts

  function session(id?: number): Session {
    const found = id === undefined ? sessions.all()[0] : sessions.find(id)
    if (found === undefined) throw new Error('The stand-in has no such session')
    return found
  }
  const chat = (phone: string) => phones.chat(digitsOf(phone))

  function sentBefore({ keyId, to, text, ack }: SentBefore): Outgoing {
    const person = parts.directory.resolve(to)
    if (person === undefined) throw new Error('Nobody has this number')
    const accepted = outbox.accept(session().id, { to, text })
    const node = textNode(text)
    const sent = Object.assign(accepted, { keyId, ack, node, chat: { person } })
    putOnPhones(parts, session(), sent, { kind: 'text', text })
    outbox.settle(sent, { status: 'sent' })
    return sent
  }

  return {
    personalAccessToken: parts.personalAccessToken,
    faults,
    webhookFaults: webhooks.faults,
    settings,
    echo: settings.echo,
    sessions: sessions.all,
    session,
    addSession: (options = {}) => sessions.add(options),
    person: parts.person,
    owner: createOwner(parts, session),
    ownerOf: (id) => createOwner(parts, () => session(id)),
    group: ({ session: id, ...options }) => createGroupActor(parts, session(id), options),
    notOnWhatsapp: parts.notOnWhatsapp,
    inbox: (phone) => chat(phone).filter(({ direction }) => direction === 'received'),
    chat,
    outgoing: outbox.find,
    sentBefore,
    calls: calls.entries,
    callsTo: calls.to,
    countOf: (path, method) => calls.to(path, method).length,
    webhookLog: webhooks.log,
    waitFor: createWaitFor(changes),
    subscribe: changes.subscribe,
    setStatus: (id, status) => life.setStatus(session(id), status),
    scan: (id) => life.scan(session(id)),
    emit: (id, event, data, { events: _events, ...variant } = {}) =>
      webhooks.send(session(id), { event, data: () => data, lane: 'emit', variant, always: true }),
  }
}
