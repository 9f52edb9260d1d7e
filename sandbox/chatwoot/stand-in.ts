import type { Clock } from '../../src/kernel/clock.ts'
import type { Faults } from '../faults.ts'
import type { Agent } from './agents.ts'
import type { Automation } from './automation.ts'
import type { ApiCall, CallFilter } from './ledger.ts'
import type { InboxOptions, UserOptions } from './seed.ts'
import type { WaitOptions } from './signal.ts'
import type { Attachment, Contact, Conversation, Inbox, Message } from './types.ts'
import type { WebhookDelivery, WebhookFaults } from './webhooks.ts'

export type ChatwootStandInOptions = {
  /** Port on 127.0.0.1; a free one when absent. */
  port?: number
  /** Which Chatwoot to behave like, `4.16.2` when absent. */
  version?: string
  accountId?: number
  /** One inbox named "WhatsApp" when absent. */
  inboxes?: InboxOptions[]
  /** People besides the bridge's administrator; one agent when absent. */
  users?: UserOptions[]
  /** Origin in attachment addresses; the stand-in's own when absent. */
  frontendUrl?: string
  /** Makes tokens, secrets and webhook disorder repeatable. */
  seed?: number
  webhookFaults?: WebhookFaults
  /** 5000 when absent, like Chatwoot's. */
  webhookTimeoutMs?: number
  /** For so long after an upload its download answers 404. */
  attachmentRaceMs?: number
  /** Chatwoot's `CONVERSATION_MESSAGE_PER_MINUTE_LIMIT`, 200 when absent. */
  messagesPerMinute?: number
  clock?: Clock
}

/** A running stand-in. Records it returns are copies; conversation ids are display ids. */
export type ChatwootStandIn = {
  readonly url: string
  readonly version: string
  readonly accountId: number
  /** Token of the administrator "WhatsApp Bridge". */
  readonly adminToken: string
  /** Token of the first agent. */
  readonly agentToken: string
  readonly botToken: string
  /** Faults of requests to the stand-in; `/_sandbox` is never hit. */
  readonly faults: Faults
  readonly calls: readonly ApiCall[]
  /** Errors of the stand-in itself; a test should find none. */
  readonly crashes: readonly Error[]
  readonly webhookLog: readonly WebhookDelivery[]
  readonly automation: Automation
  /** Somebody at the dashboard: the first agent, or the one of that name, who is made when missing. */
  agent(options?: { name?: string; accountId?: number }): Agent
  addInbox(options: InboxOptions): Inbox
  /** Changes an inbox as an administrator would; throws what the validation finds. */
  updateInbox(inboxId: number, values: Partial<Pick<Inbox, 'webhookUrl' | 'secret'>>): Inbox
  /** From now on every answer that shows the conversation is a 500; its messages are listed as before. */
  breakConversation(conversationId: number): void
  inboxes(): Inbox[]
  contacts(): Contact[]
  conversations(): Conversation[]
  /** Oldest first; of the stand-in's account when none is named. */
  messages(conversationId: number, accountId?: number): Message[]
  allMessages(fits?: (message: Readonly<Message>) => boolean): Message[]
  attachmentBytes(attachment: Attachment): Promise<Uint8Array>
  countOf(filter: CallFilter): number
  setWebhookFaults(faults: WebhookFaults): void
  /** Resolves with the predicate's first truthy value; it is asked again after every change. */
  waitFor<T>(predicate: () => T, options?: WaitOptions): Promise<NonNullable<T>>
  /** Resolves once no webhook is on its way. */
  settled(options?: WaitOptions): Promise<void>
  close(): Promise<void>
}
