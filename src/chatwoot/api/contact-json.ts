import { cutText } from '../../cut-text.ts'
import type { InboxId, SourceId } from '../../ids.ts'
import type { Attributes } from '../shapes/lenient.ts'

/** Longer ones are refused (docs/platforms/chatwoot.md#contacts). */
const LONGEST_NAME = 255

/** What can be written of a contact (docs/platforms/chatwoot.md#contacts, #creating-contacts). */
export type ContactFields = {
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

export function toContactJson(fields: ContactFields): Record<string, unknown> {
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
export function toConditions(conditions: readonly ContactCondition[]): unknown[] {
  return conditions.map(({ key, operator, values, joinedBy = 'AND' }, index) => ({
    attribute_key: key,
    filter_operator: operator,
    values,
    query_operator: index === conditions.length - 1 ? null : joinedBy,
  }))
}
