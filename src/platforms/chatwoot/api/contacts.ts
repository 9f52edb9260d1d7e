import { z } from 'zod'
import type { ContactId, InboxId, SourceId } from '../../../kernel/ids.ts'
import { cutText } from '../../../kernel/text.ts'
import { isNotFound } from '../errors/classify.ts'
import {
  type Contact,
  contactAnswerSchema,
  contactInboxSchema,
  contactSchema,
} from '../shapes/contact.ts'
import { type Attributes, maybeFlag } from '../shapes/lenient.ts'
import { type ConversationRef, conversationSchema } from '../shapes/message.ts'
import type { Api } from './api.ts'

const created = z
  .object({
    payload: z.object({
      contact: contactSchema,
      contact_inbox: z.unknown().optional(),
    }),
  })
  .transform(({ payload }): { contact: Contact; sourceId?: SourceId } => {
    // Both values of contact_inbox are null when no inbox was given (docs/platforms/chatwoot.md#creating-contacts).
    const inbox = contactInboxSchema.safeParse(payload.contact_inbox)
    return { contact: payload.contact, ...(inbox.success && { sourceId: inbox.data.sourceId }) }
  })

/** Contacts, their addresses in inboxes, and ways to find them (docs/platforms/chatwoot.md#contacts). */
export function createContacts(api: Api) {
  return {
    ...createContactRecords(api),
    ...createContactSearch(api),
    ...createContactAddresses(api),
  }
}

function createContactRecords(api: Api) {
  return {
    /**
     * Creates a contact, with `inboxId` also its address there. A value that another contact has
     * makes `isTaken` true; a source id of another contact is a 500, hence an unknown outcome: look
     * it up with `findBySource`.
     */
    create: (contact: NewContact) =>
      api.request(
        {
          operation: 'create-contact',
          method: 'post',
          path: 'contacts',
          json: {
            ...toContactJson(contact),
            inbox_id: contact.inboxId,
            source_id: contact.sourceId,
          },
          effect: 'once',
        },
        created,
      ),

    get: (id: ContactId): Promise<Contact> =>
      api.request(
        { operation: 'get-contact', method: 'get', path: `contacts/${id}`, effect: 'repeatable' },
        contactAnswerSchema,
      ),

    /** Attribute objects are merged key by key with the stored ones. */
    update: (id: ContactId, fields: ContactFields): Promise<Contact> =>
      api.request(
        {
          operation: 'update-contact',
          method: 'put',
          path: `contacts/${id}`,
          json: toContactJson(fields),
          effect: 'repeatable',
        },
        contactAnswerSchema,
      ),

    /**
     * Uploads the picture itself, which is checked at once, unlike `avatarUrl`
     * (docs/platforms/chatwoot.md#pictures-of-contacts).
     */
    setAvatar: (id: ContactId, picture: Blob, fileName: string): Promise<Contact> =>
      api.request(
        {
          operation: 'set-avatar',
          method: 'put',
          path: `contacts/${id}`,
          parts: [{ name: 'avatar', fileName, contentType: picture.type, body: picture }],
          effect: 'repeatable',
        },
        contactAnswerSchema,
      ),

    /** Also for a contact without a picture. */
    removeAvatar: (id: ContactId): Promise<void> =>
      api.send({
        operation: 'remove-avatar',
        method: 'delete',
        path: `contacts/${id}/avatar`,
        effect: 'repeatable',
      }),

    remove: (id: ContactId): Promise<void> =>
      api.send({
        operation: 'delete-contact',
        method: 'delete',
        path: `contacts/${id}`,
        effect: 'repeatable',
      }),
  }
}

/** Longer ones are refused (docs/platforms/chatwoot.md#contacts). */
const LONGEST_NAME = 255

/** What can be written of a contact (docs/platforms/chatwoot.md#contacts, #creating-contacts). */
type ContactFields = {
  name?: string
  identifier?: string
  /** E.164 with a leading `+`. Groups, LIDs and channels have none. */
  phoneNumber?: string
  email?: string
  blocked?: boolean
  customAttributes?: Attributes
  additionalAttributes?: Attributes
  /**
   * Fetched by Chatwoot later, from public hosts only, and never twice from one URL
   * (docs/platforms/chatwoot.md#pictures-of-contacts).
   */
  avatarUrl?: string
}

export type NewContact = ContactFields & {
  inboxId?: InboxId
  /** Without it Chatwoot makes a random one. */
  sourceId?: SourceId
}

/** One condition of the contact filter (docs/platforms/chatwoot.md#finding-contacts). */
export type ContactCondition = {
  /** `phone_number`, `identifier`, `email`, `name`, … */
  key: string
  operator: 'equal_to' | 'not_equal_to' | 'contains' | 'does_not_contain' | 'starts_with'
  values: readonly (string | number | boolean)[]
  /** How it is joined with the next one; AND unless given. */
  joinedBy?: 'AND' | 'OR'
}

function toContactJson(fields: ContactFields): Record<string, unknown> {
  return {
    name: fields.name === undefined ? undefined : cutText(fields.name, LONGEST_NAME),
    identifier: fields.identifier,
    phone_number: fields.phoneNumber,
    email: fields.email,
    blocked: fields.blocked,
    custom_attributes: fields.customAttributes,
    additional_attributes: fields.additionalAttributes,
    avatar_url: fields.avatarUrl,
  }
}

/**
 * The last condition must not be joined with anything: Chatwoot builds SQL from the list as it is.
 */
function toConditions(conditions: readonly ContactCondition[]): unknown[] {
  return conditions.map(({ key, operator, values, joinedBy = 'AND' }, index) => ({
    attribute_key: key,
    filter_operator: operator,
    values,
    query_operator: index === conditions.length - 1 ? null : joinedBy,
  }))
}

/**
 * What belongs to a contact: addresses, conversations, and another contact that is the same person.
 */
function createContactAddresses(api: Api) {
  return {
    /** Gives the contact an address in an inbox. Idempotent for the same contact. */
    createContactInbox: (id: ContactId, inboxId: InboxId, sourceId: SourceId) =>
      api.request(
        {
          operation: 'create-contact-inbox',
          method: 'post',
          path: `contacts/${id}/contact_inboxes`,
          json: { inbox_id: inboxId, source_id: sourceId },
          effect: 'repeatable',
        },
        contactInboxSchema,
      ),

    /** Newest activity first, at most 20, all statuses, only inboxes the token may see. */
    conversations: (id: ContactId): Promise<ConversationRef[]> =>
      api.request(
        {
          operation: 'list-contact-conversations',
          method: 'get',
          path: `contacts/${id}/conversations`,
          effect: 'repeatable',
        },
        z.object({ payload: z.array(conversationSchema) }).transform(({ payload }) => payload),
      ),

    /**
     * Without a stored address in an API inbox, its source id is a new random UUID on every call
     * (docs/platforms/chatwoot.md#source-ids).
     */
    contactableInboxes: (id: ContactId) =>
      api.request(
        {
          operation: 'list-contactable-inboxes',
          method: 'get',
          path: `contacts/${id}/contactable_inboxes`,
          effect: 'repeatable',
        },
        z.object({ payload: z.array(contactInboxSchema) }).transform(({ payload }) => payload),
      ),

    /**
     * Moves everything of `mergee` to `base` and deletes `mergee`; a repetition is just "not
     * found".
     */
    merge: (base: ContactId, mergee: ContactId): Promise<Contact> =>
      api.request(
        {
          operation: 'merge-contacts',
          method: 'post',
          path: 'actions/contact_merge',
          json: { base_contact_id: base, mergee_contact_id: mergee },
          effect: 'repeatable',
        },
        contactAnswerSchema,
      ),
  }
}

/** Contacts per page of search and filter (docs/platforms/chatwoot.md#finding-contacts). */
const PAGE_SIZE = 15

const page = z
  .object({
    payload: z.array(contactSchema),
    meta: z.object({ has_more: maybeFlag }).catch({ has_more: undefined }),
  })
  .transform(({ payload, meta }): ContactPage => {
    // Before 4.11 only a full page hints at another one.
    return { contacts: payload, hasMore: meta.has_more ?? payload.length >= PAGE_SIZE }
  })

type ContactPage = { contacts: Contact[]; hasMore: boolean }

/** Ways to find a contact (docs/platforms/chatwoot.md#finding-contacts). */
function createContactSearch(api: Api) {
  return {
    /** Substring search over name, e-mail, phone and identifier; 100 a minute per account. */
    search: (q: string, pageNumber = 1): Promise<ContactPage> =>
      api.request(
        {
          operation: 'search-contacts',
          method: 'get',
          path: 'contacts/search',
          search: { q, page: pageNumber },
          effect: 'repeatable',
        },
        page,
      ),

    /** Exact look-up among contacts that have an e-mail, a phone number or an identifier. */
    filter: (conditions: readonly ContactCondition[], pageNumber = 1): Promise<ContactPage> =>
      api.request(
        {
          operation: 'filter-contacts',
          method: 'post',
          path: 'contacts/filter',
          search: { page: pageNumber },
          json: { payload: toConditions(conditions) },
          effect: 'repeatable',
        },
        page,
      ),

    /** Who has this address in this inbox; undefined when nobody has. */
    async findBySource(inboxId: InboxId, sourceId: SourceId): Promise<Contact | undefined> {
      try {
        return await api.request(
          {
            operation: 'find-contact-by-source',
            method: 'post',
            path: 'contact_inboxes/filter',
            json: { inbox_id: inboxId, source_id: sourceId },
            effect: 'repeatable',
          },
          contactAnswerSchema,
        )
      } catch (error) {
        if (isNotFound(error)) return undefined
        throw error
      }
    },
  }
}
