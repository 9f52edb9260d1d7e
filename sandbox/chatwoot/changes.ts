import type { Contact, Conversation, Message, PartyRef } from './types.ts'

/** `changed_attributes` of a webhook (docs/platforms/chatwoot.md#payloads). */
export type Changed = Record<string, { previous_value: unknown; current_value: unknown }>[]

/**
 * What a webhook still shows although it is built later: it tells how the records were at that moment of the change.
 */
export type Was = {
  conversation?: Partial<Conversation>
  contact?: Partial<Contact>
  /** For the message at top level; inside its conversation it stands as it is. */
  message?: Partial<Message>
}

/** Something that happened to a record; the webhooks are made from it. Names are the webhook events'. */
export type Change = { was?: Was } & (
  | { event: 'message_created' | 'message_updated'; messageId: number }
  | { event: 'conversation_created' | 'conversation_status_changed'; pk: number }
  | { event: 'conversation_updated'; pk: number; changed: Changed }
  | {
      event: 'conversation_typing_on' | 'conversation_typing_off'
      pk: number
      user: PartyRef
      isPrivate: boolean
    }
  | { event: 'contact_created'; contactId: number }
  | { event: 'contact_updated'; contactId: number; changed: Changed }
)

export type WebhookEvent = Change['event']

/** How each watched attribute is spelled and read. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => unknown>>

/** The watched attributes of a row, to be compared after it changed. */
export function snapshot<Row>(row: Row, columns: Columns<Row>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, read]) => [name, structuredClone(read(row))]),
  )
}

/** What differs between a snapshot and the row as it is now, in the order of `columns`. */
export function changesSince<Row>(
  before: Record<string, unknown>,
  row: Row,
  columns: Columns<Row>,
): Changed {
  const after = snapshot(row, columns)
  return Object.keys(columns)
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => ({ [name]: { previous_value: before[name], current_value: after[name] } }))
}
