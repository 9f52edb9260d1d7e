import { z } from 'zod'
import type { ContactId, SourceId } from '../../ids.ts'
import {
  type Contact,
  contactAnswerSchema,
  contactInboxSchema,
  contactSchema,
} from '../shapes/contact.ts'
import type { Api } from './api.ts'
import { createContactAddresses } from './contact-addresses.ts'
import { type ContactFields, type NewContact, toContactJson } from './contact-json.ts'
import { createContactSearch } from './contact-search.ts'

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

export type ContactsApi = ReturnType<typeof createContacts>

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
