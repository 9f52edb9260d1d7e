/**
 * Branded ids. Two ids of different kinds cannot be swapped by accident, so nothing goes to the wrong person that way.
 * Brands exist at compile time only; schemas and factories make them.
 */
declare const brand: unique symbol
export type Branded<T, Name extends string> = T & { readonly [brand]: Name }

/** `accounts[].id` of the configuration. */
export type AccountId = Branded<string, 'AccountId'>
/** One chat as the bridge knows it, e.g. `pn:15550001111`, `lid:1899…`, `group:1203…`. Stable for a person. */
export type ChatId = Branded<string, 'ChatId'>
/** A WhatsApp address as WasenderAPI writes it: `…@s.whatsapp.net`, `…@lid`, `…@g.us`, `…@newsletter`. */
export type Jid = Branded<string, 'Jid'>
/** WhatsApp's own message id, the `key.id` of webhooks (docs/platforms/wasender.md#message-ids). */
export type KeyId = Branded<string, 'KeyId'>
/** WasenderAPI's integer id of a message sent through the API. Not the WhatsApp id. */
export type MsgId = Branded<number, 'MsgId'>
/** Chatwoot contact id, global integer. */
export type ContactId = Branded<number, 'ContactId'>
/** Chatwoot conversation `display_id`, counted per Chatwoot account. */
export type ConversationId = Branded<number, 'ConversationId'>
/** Chatwoot message id, one global counter. */
export type MessageId = Branded<number, 'MessageId'>
/** Chatwoot inbox id. */
export type InboxId = Branded<number, 'InboxId'>
/** The `source_id` of a Chatwoot contact_inbox. */
export type SourceId = Branded<string, 'SourceId'>

/** Names a plain value as an id of one kind. Use it where data enters, nowhere else. */
export function asId<Id extends Branded<string | number, string>>(
  value: Id extends string ? string : number,
): Id {
  return value as Id
}
