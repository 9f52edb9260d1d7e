import { notFound } from './errors.ts'
import type { World } from './state.ts'
import type { Contact, ContactInbox, Conversation, Inbox, Message, User } from './types.ts'

/** The record, or the 404 that a missing one becomes. */
export function found<T>(record: T | undefined): T {
  if (record === undefined) throw notFound()
  return record
}

/** A record that must belong to the account. */
export function ofAccount<T extends { accountId: number }>(
  record: T | undefined,
  accountId: number,
): T {
  return found(record?.accountId === accountId ? record : undefined)
}

export const inboxOf = (world: World, accountId: number, id: number): Inbox =>
  ofAccount(world.inboxes.get(id), accountId)

export const contactOf = (world: World, accountId: number, id: number): Contact =>
  ofAccount(world.contacts.get(id), accountId)

/** By display id, which means something only inside its account. */
export function conversationOf(world: World, accountId: number, displayId: number): Conversation {
  return found(world.displayIndex.get(`${accountId}:${displayId}`))
}

/** The contact inbox of a source id in one inbox. */
export const contactInboxBySource = (
  world: World,
  inboxId: number,
  sourceId: string,
): ContactInbox | undefined => world.sourceIndex.get(`${inboxId}:${sourceId}`)

/** A user who belongs to the account. */
export function memberAgent(world: World, accountId: number, id: number): User {
  const user = world.users.get(id)
  return found(user?.roles[accountId] === undefined ? undefined : user)
}

export function messageOf(world: World, conversation: Conversation, id: number): Message {
  const message = world.messages.get(id)
  return found(message?.conversationPk === conversation.pk ? message : undefined)
}

/** Messages of a conversation, oldest first. */
export const threadOf = (world: World, { pk }: Conversation): Message[] =>
  world.threads.get(pk) ?? []

export const contactInboxesOf = (world: World, contactId: number): ContactInbox[] =>
  [...world.contactInboxes.values()].filter((row) => row.contactId === contactId)

/** A foreign key that is known to hold. */
export function related<T>(table: Map<number, T>, id: number): T {
  const row = table.get(id)
  if (row === undefined) throw new Error(`The stand-in lost a record with id ${id}`)
  return row
}
