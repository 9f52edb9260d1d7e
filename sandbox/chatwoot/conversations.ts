import { type Columns, changesSince, snapshot, type Was } from './changes.ts'
import { ensureContactInbox } from './contacts.ts'
import { type Invalid, notFound, refused, rejectInvalid } from './errors.ts'
import { contactInboxBySource, contactOf, inboxOf, related, threadOf } from './lookups.ts'
import type { World } from './state.ts'
import { iso, nextStamp } from './times.ts'
import type { Contact, ContactInbox, Conversation, Inbox, Json } from './types.ts'

/** Attributes whose change makes `conversation_updated`; the others change silently. */
const WATCHED: Columns<Conversation> = {
  status: ({ status }) => status,
  assignee_id: ({ assignee }) => (assignee?.type === 'User' ? assignee.id : null),
  assignee_agent_bot_id: ({ assignee }) => (assignee?.type === 'AgentBot' ? assignee.id : null),
  snoozed_until: ({ snoozedUntil }) => iso(snoozedUntil),
  custom_attributes: ({ customAttributes }) => customAttributes,
  label_list: ({ labels }) => labels,
  waiting_since: ({ waitingSince }) => iso(waitingSince),
  first_reply_created_at: ({ firstReplyCreatedAt }) => iso(firstReplyCreatedAt),
  priority: ({ priority }) => priority,
}
/** Shown when one of the others changed. */
const COLUMNS: Columns<Conversation> = {
  ...WATCHED,
  updated_at: ({ updatedAt }) => iso(updatedAt),
  display_id: ({ fresh, id }) => (fresh ? null : id),
  cached_label_list: ({ fresh, labels }) => (fresh ? null : labels.join(', ')),
}

/** Stores values and announces what Chatwoot would (docs/platforms/chatwoot.md#which-action-sends-what). */
export function changeConversation(
  world: World,
  conversation: Conversation,
  values: Partial<Conversation>,
  was?: Was,
): void {
  const before = snapshot(conversation, COLUMNS)
  Object.assign(conversation, values, { fresh: false })
  if (changesSince(before, conversation, WATCHED).length === 0) return
  conversation.updatedAt = nextStamp(world.clock, conversation.updatedAt)
  const { pk } = conversation
  if (before.status !== conversation.status)
    world.emit({ event: 'conversation_status_changed', pk, ...(was && { was }) })
  const changed = changesSince(before, conversation, COLUMNS)
  world.emit({ event: 'conversation_updated', pk, changed })
}

export type NewConversation = {
  inboxId?: number | undefined
  contactId?: number | undefined
  sourceId?: string | undefined
  values?: Partial<Conversation>
}

/**
 * Finds the contact inbox of a conversation that is to be made, by the rules of
 * docs/platforms/chatwoot.md#creating-conversations. Without inbox or contact, the source id is looked up across all
 * inboxes and accounts.
 */
export function contactInboxFor(
  world: World,
  accountId: number,
  { inboxId, contactId, sourceId }: NewConversation,
): ContactInbox {
  if (inboxId === undefined || contactId === undefined) {
    const hit = [...world.contactInboxes.values()].find((row) => row.sourceId === sourceId)
    if (hit === undefined) throw notFound()
    return hit
  }
  const inbox = inboxOf(world, accountId, inboxId)
  const contact = contactOf(world, accountId, contactId)
  const owner = sourceId === undefined ? undefined : contactInboxBySource(world, inboxId, sourceId)
  if (owner !== undefined && owner.contactId !== contactId)
    throw refused('source_id should be unique')
  return ensureContactInbox(world, contact, inbox, sourceId)
}

/** The last conversation of a contact inbox, which a locked inbox reuses whatever its status. */
export function lockedConversation(world: World, row: ContactInbox): Conversation | undefined {
  const inbox = related(world.inboxes, row.inboxId)
  if (!inbox.settings.lock_to_single_conversation) return undefined
  return [...world.conversations.values()].findLast(
    ({ contactInboxId }) => contactInboxId === row.id,
  )
}

/** Makes a conversation; there is no look for an existing one (docs/platforms/chatwoot.md#creating-conversations). */
export function createConversation(
  world: World,
  row: ContactInbox,
  values: Partial<Conversation> = {},
): Conversation {
  const inbox = related(world.inboxes, row.inboxId)
  const contact = related(world.contacts, row.contactId)
  rejectInvalid(attributeProblems('custom_attributes', values.customAttributes))
  rejectInvalid(attributeProblems('additional_attributes', values.additionalAttributes))
  const now = world.clock.now()
  const conversation: Conversation = {
    pk: world.nextId('conversationPk'),
    id: world.nextDisplayId(inbox.accountId),
    uuid: crypto.randomUUID(),
    accountId: inbox.accountId,
    inboxId: inbox.id,
    contactId: contact.id,
    contactInboxId: row.id,
    status: 'open',
    assignee: null,
    labels: [],
    additionalAttributes: {},
    customAttributes: {},
    priority: null,
    snoozedUntil: null,
    waitingSince: now,
    firstReplyCreatedAt: null,
    agentLastSeenAt: null,
    assigneeLastSeenAt: null,
    contactLastSeenAt: null,
    lastActivityAt: now,
    createdAt: now,
    updatedAt: now,
    fresh: false,
    ...values,
    ...forcedStatus(contact, inbox),
  }
  world.conversations.set(conversation.pk, conversation)
  world.displayIndex.set(`${conversation.accountId}:${conversation.id}`, conversation)
  world.threads.set(conversation.pk, [])
  const { waitingSince, firstReplyCreatedAt } = conversation
  const was = { conversation: { waitingSince, firstReplyCreatedAt } }
  world.emit({ event: 'conversation_created', pk: conversation.pk, was })
  return conversation
}

function forcedStatus(contact: Contact, inbox: Inbox): Partial<Conversation> {
  if (contact.blocked) return { status: 'resolved' }
  return inbox.agentBotId === null ? {} : { status: 'pending' }
}

/** Limits of free-form conversation attributes (docs/platforms/chatwoot.md#conventions). */
export function attributeProblems(attribute: string, values: Json = {}): Invalid[] {
  const label = attribute === 'custom_attributes' ? 'Custom attributes' : 'Additional attributes'
  return Object.entries(values).flatMap(([key, value]) => {
    if (typeof value === 'string' && value.length > 1500)
      return [{ attribute, message: `${label} ${key} length should be < 1500` }]
    if (Number.isInteger(value) && Number(value) > 9_999_999_999)
      return [{ attribute, message: `${label} ${key} value should be < 9999999999` }]
    return []
  })
}

/** Deletes a conversation with its messages. No webhook tells of it. */
export function removeConversation(world: World, conversation: Conversation): void {
  for (const { id } of threadOf(world, conversation)) world.messages.delete(id)
  world.threads.delete(conversation.pk)
  world.conversations.delete(conversation.pk)
  world.displayIndex.delete(`${conversation.accountId}:${conversation.id}`)
  world.signal.ring()
}

/** Public incoming messages no agent has seen, capped at ten as in every payload. */
export function unreadCount(world: World, conversation: Conversation): number {
  const seen = conversation.agentLastSeenAt ?? 0
  let count = 0
  for (const message of threadOf(world, conversation).toReversed()) {
    if (count === 10 || message.createdAt <= seen) break
    if (message.messageType === 'incoming') count += 1
  }
  return count
}
