import { z } from 'zod'
import type { InboxId, SourceId } from '../../ids.ts'
import { isNotFound } from '../errors/guards.ts'
import { type Contact, contactAnswerSchema, contactSchema } from '../shapes/contact.ts'
import { maybeFlag } from '../shapes/lenient.ts'
import type { Api } from './api.ts'
import { type ContactCondition, toConditions } from './contact-json.ts'

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

export type ContactPage = { contacts: Contact[]; hasMore: boolean }

/** Ways to find a contact (docs/platforms/chatwoot.md#finding-contacts). */
export function createContactSearch(api: Api) {
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
