import { type Invalid, rejectInvalid } from './errors.ts'
import type { World } from './state.ts'
import type { Inbox, InboxSettings, Json } from './types.ts'

const DEFAULTS: InboxSettings = {
  greeting_enabled: false,
  greeting_message: null,
  working_hours_enabled: false,
  enable_email_collect: true,
  csat_survey_enabled: false,
  csat_config: {},
  enable_auto_assignment: true,
  auto_assignment_config: {},
  out_of_office_message: null,
  timezone: 'UTC',
  allow_messages_after_resolved: true,
  lock_to_single_conversation: false,
  sender_name_type: 'friendly',
  business_name: null,
  portal_id: null,
}

export type NewInbox = {
  name: string
  channelType?: string
  webhookUrl?: string | null
  hmacMandatory?: boolean
  additionalAttributes?: Json
  settings?: Partial<InboxSettings>
  /** Chatwoot makes it up and lets nobody choose it; tests may. */
  secret?: string
}

/** Creates an inbox with generated tokens. */
export function createInbox(world: World, accountId: number, input: NewInbox): Inbox {
  const now = world.clock.now()
  const inbox: Inbox = {
    id: 0,
    accountId,
    channelId: 0,
    channelType: input.channelType ?? 'Channel::Api',
    name: input.name,
    webhookUrl: input.webhookUrl ?? null,
    hmacMandatory: input.hmacMandatory ?? false,
    additionalAttributes: input.additionalAttributes ?? {},
    identifier: world.random.token(),
    hmacToken: world.random.token(),
    secret: input.secret ?? world.random.token(),
    agentBotId: null,
    memberIds: [],
    settings: { ...DEFAULTS, ...input.settings },
    createdAt: now,
    updatedAt: now,
  }
  rejectInvalid(inboxProblems(inbox))
  inbox.id = world.nextId('inbox')
  inbox.channelId = world.nextId('channel')
  world.inboxes.set(inbox.id, inbox)
  world.signal.ring()
  return inbox
}

/** Stores values. The secret of the next delivery is the one stored then. */
export function changeInbox(world: World, inbox: Inbox, values: Partial<Inbox>): void {
  rejectInvalid(inboxProblems({ ...inbox, ...values }))
  Object.assign(inbox, values, { updatedAt: world.clock.now() })
  world.signal.ring()
}

/** What Chatwoot refuses of an inbox (docs/platforms/chatwoot.md#inboxes, #reply-window). */
function inboxProblems({ name, webhookUrl, additionalAttributes }: Inbox): Invalid[] {
  const window = additionalAttributes.agent_reply_time_window
  const found: [boolean, string, string][] = [
    [name.trim() === '', 'name', "Name can't be blank"],
    [name.length > 255, 'name', 'Name is too long (maximum is 255 characters)'],
    [
      (webhookUrl?.length ?? 0) > 2048,
      'webhook_url',
      'Webhook url is too long (maximum is 2048 characters)',
    ],
    [
      window !== undefined && window !== null && !(Number(window) > 0),
      'agent_reply_time_window',
      'Agent reply time window agent_reply_time_window must be greater than 0',
    ],
  ]
  return found.filter(([wrong]) => wrong).map(([, attribute, message]) => ({ attribute, message }))
}
