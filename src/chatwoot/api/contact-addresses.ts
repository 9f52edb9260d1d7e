import { z } from 'zod'
import type { ContactId, InboxId, SourceId } from '../../ids.ts'
import { type Contact, contactAnswerSchema, contactInboxSchema } from '../shapes/contact.ts'
import { type ConversationRef, conversationSchema } from '../shapes/conversation.ts'
import type { Api } from './api.ts'

/**
 * What belongs to a contact: addresses, conversations, and another contact that is the same person.
 */
export function createContactAddresses(api: Api) {
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
