/** A free-form object as the platform stores it. */
export type Json = Record<string, unknown>

export type Role = 'administrator' | 'agent'
export type ConversationStatus = 'open' | 'resolved' | 'pending' | 'snoozed'
export type MessageType = 'incoming' | 'outgoing' | 'activity' | 'template'
export type MessageStatus = 'sent' | 'delivered' | 'read' | 'failed'
export type FileType = 'image' | 'audio' | 'video' | 'file'

/** Every time in a record is milliseconds since 1970; the serialisers write what the wire wants. */
type Stamps = { createdAt: number; updatedAt: number }

export type Account = { id: number; name: string; locale: string }

export type User = {
  id: number
  name: string
  /** The public display name. */
  availableName: string
  email: string
  token: string
  pubsubToken: string
  /** Role per account id. */
  roles: Record<number, Role>
}

export type AgentBot = {
  id: number
  accountId: number
  name: string
  description: string | null
  outgoingUrl: string
  token: string
  secret: string
}

export type Inbox = Stamps & {
  id: number
  accountId: number
  channelId: number
  /** `Channel::Api` unless another type was asked for on create. */
  channelType: string
  name: string
  webhookUrl: string | null
  hmacMandatory: boolean
  /** `channel.additional_attributes`. */
  additionalAttributes: Json
  /** Addresses the inbox in the public API. */
  identifier: string
  hmacToken: string
  /** Signs the callback (docs/platforms/chatwoot.md#inboxes). */
  secret: string
  agentBotId: number | null
  memberIds: number[]
  settings: InboxSettings
}

/** Plain settings, stored as they are spelled on the wire. */
export type InboxSettings = {
  greeting_enabled: boolean
  greeting_message: string | null
  working_hours_enabled: boolean
  enable_email_collect: boolean
  csat_survey_enabled: boolean
  csat_config: Json
  enable_auto_assignment: boolean
  auto_assignment_config: Json
  out_of_office_message: string | null
  timezone: string
  allow_messages_after_resolved: boolean
  lock_to_single_conversation: boolean
  sender_name_type: string
  business_name: string | null
  portal_id: number | null
}

export type Contact = Stamps & {
  id: number
  accountId: number
  name: string
  email: string | null
  phoneNumber: string | null
  identifier: string | null
  blocked: boolean
  additionalAttributes: Json
  customAttributes: Json
  labels: string[]
  avatarBlobId: number | null
  lastActivityAt: number | null
}

export type ContactInbox = Stamps & {
  id: number
  contactId: number
  inboxId: number
  sourceId: string
  pubsubToken: string
}

/** Who wrote a message or holds a conversation. */
export type PartyRef = { type: 'User' | 'AgentBot' | 'Contact'; id: number }

export type Conversation = Stamps & {
  /** Database key: never on the wire. */
  pk: number
  /** The display id: counted per account, the only id clients see. */
  id: number
  uuid: string
  accountId: number
  inboxId: number
  contactId: number
  contactInboxId: number
  status: ConversationStatus
  assignee: PartyRef | null
  labels: string[]
  additionalAttributes: Json
  customAttributes: Json
  priority: string | null
  snoozedUntil: number | null
  waitingSince: number | null
  firstReplyCreatedAt: number | null
  agentLastSeenAt: number | null
  assigneeLastSeenAt: number | null
  contactLastSeenAt: number | null
  lastActivityAt: number
  /** Being made together with its first message: the first change after that tells of the making, too. */
  fresh: boolean
}

export type Attachment = {
  id: number
  messageId: number
  accountId: number
  fileType: FileType
  filename: string
  contentType: string
  byteSize: number
  /** `null`: it was announced by an empty text, and there is no file. */
  blobId: number | null
  isVoice: boolean
}

export type Message = Stamps & {
  id: number
  accountId: number
  inboxId: number
  /** Display id of the conversation. */
  conversationId: number
  conversationPk: number
  content: string | null
  messageType: MessageType
  contentType: string
  contentAttributes: Json
  additionalAttributes: Json
  private: boolean
  status: MessageStatus
  sourceId: string | null
  sender: PartyRef | null
  attachments: Attachment[]
}

/** An account webhook (docs/platforms/chatwoot.md#account-webhooks). */
export type AccountWebhook = {
  id: number
  accountId: number
  inboxId: number | null
  name: string | null
  url: string
  subscriptions: string[]
  secret: string
}

/** Who makes a request. */
export type Actor =
  | { type: 'User'; user: User; role: Role }
  | { type: 'AgentBot'; bot: AgentBot }
  | { type: 'Contact'; contact: Contact }
