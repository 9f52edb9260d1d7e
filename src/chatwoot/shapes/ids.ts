import { z } from 'zod'
import {
  asId,
  type ContactId,
  type ConversationId,
  type InboxId,
  type MessageId,
} from '../../ids.ts'

/** A positive integer, also when a fork or a proxy writes it as a string. */
export const positiveInteger = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
  ])
  .pipe(z.number().int().positive())

export const contactId = positiveInteger.transform((id) => asId<ContactId>(id))
export const conversationId = positiveInteger.transform((id) => asId<ConversationId>(id))
export const inboxId = positiveInteger.transform((id) => asId<InboxId>(id))
export const messageId = positiveInteger.transform((id) => asId<MessageId>(id))
