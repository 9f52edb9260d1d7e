import { z } from 'zod'
import { asId, type ContactId, type InboxId, type SourceId } from '../../../kernel/ids.ts'
import {
  type Attributes,
  attributes,
  compact,
  contactId,
  flag,
  inboxId,
  listOf,
  text,
} from './lenient.ts'

/** The contact of a conversation, as far as the bridge needs it. */
export type ContactRef = {
  id: ContactId
  /** Empty when the contact has none. */
  name: string
  /** E.164 with a leading `+`. */
  phoneNumber?: string
  identifier?: string
  blocked: boolean
}

/** A contact's address in one inbox. */
type ContactInbox = { inboxId: InboxId; sourceId: SourceId }

/** A contact (docs/platforms/chatwoot.md#contacts). */
export type Contact = ContactRef & {
  email?: string
  /** URL of the picture. */
  thumbnail?: string
  customAttributes: Attributes
  additionalAttributes: Attributes
  /** Empty where Chatwoot leaves them out, as in conversations and webhooks. */
  contactInboxes: ContactInbox[]
}

/**
 * Written as text everywhere, but LIDs and phone numbers are digits and some clients store numbers.
 */
const sourceId = z
  .union([z.string().min(1), z.number().transform(String)])
  .transform((id) => asId<SourceId>(id))

export const contactInboxSchema = z
  .object({ source_id: sourceId, inbox: z.object({ id: inboxId }) })
  .transform((raw): ContactInbox => ({ inboxId: raw.inbox.id, sourceId: raw.source_id }))

export const contactRefSchema = z
  .object({ id: contactId, name: text, phone_number: text, identifier: text, blocked: flag })
  .transform(
    (raw): ContactRef =>
      compact({
        id: raw.id,
        name: raw.name ?? '',
        phoneNumber: raw.phone_number,
        identifier: raw.identifier,
        blocked: raw.blocked,
      }),
  )

export const contactSchema = z
  .object({
    id: contactId,
    name: text,
    phone_number: text,
    identifier: text,
    blocked: flag,
    email: text,
    thumbnail: text,
    custom_attributes: attributes,
    additional_attributes: attributes,
    contact_inboxes: listOf(contactInboxSchema),
  })
  .transform(
    (raw): Contact =>
      compact({
        id: raw.id,
        name: raw.name ?? '',
        phoneNumber: raw.phone_number,
        identifier: raw.identifier,
        blocked: raw.blocked,
        email: raw.email,
        thumbnail: raw.thumbnail,
        customAttributes: raw.custom_attributes,
        additionalAttributes: raw.additional_attributes,
        contactInboxes: raw.contact_inboxes,
      }),
  )

/**
 * Most calls wrap the contact in `payload`; a look-up by address does not, and a merge is
 * documented as neither.
 */
export const contactAnswerSchema = z.union([
  contactSchema,
  z.object({ payload: contactSchema }).transform(({ payload }) => payload),
])

/** Chatwoot takes E.164 only, and refuses the whole contact otherwise (docs/platforms/chatwoot.md#contacts). */
const TAKEN = /^\+[1-9]\d{1,14}$/

/**
 * A number of WhatsApp, in digits, as Chatwoot takes it; `undefined` for what is no telephone number, such as the `0` that
 * WhatsApp itself writes from: such a contact has none.
 */
export function phoneNumberOf(digits: string | undefined): string | undefined {
  const written = `+${digits}`
  return digits !== undefined && TAKEN.test(written) ? written : undefined
}
