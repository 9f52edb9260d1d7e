import { z } from 'zod'
import {
  asId,
  type ContactId,
  type ConversationId,
  type InboxId,
  type MessageId,
} from '../../../kernel/ids.ts'

/** A free JSON object of Chatwoot: attributes of a contact, a conversation or a message. */
export type Attributes = Record<string, unknown>

export function isRecord(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads a field in its own way, also when the key is missing: then `read` gets undefined. */
export function field<T>(read: (value: unknown) => T) {
  return z.unknown().optional().transform(read)
}

/** The value itself when it is an object, an empty one otherwise. */
export const attributes = field((value): Attributes => (isRecord(value) ? value : {}))

/**
 * A non-empty string, or undefined for everything else. Chatwoot writes "none" as null, "" or not
 * at all.
 */
export const text = field((value) =>
  typeof value === 'string' && value !== '' ? value : undefined,
)

/** A finite number, also when written as a string; undefined for everything else. */
export const amount = field((value) => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
})

/** True for true, 1 and "true"; false for everything else. */
export const flag = field((value) => value === true || value === 1 || value === 'true')

/** True or false as given, undefined when Chatwoot did not say. */
export const maybeFlag = field((value) => (typeof value === 'boolean' ? value : undefined))

/**
 * Milliseconds since 1970. Chatwoot writes Unix seconds (integer or float) or ISO text depending on where the field is
 * nested; 0 means never (docs/platforms/chatwoot.md#conventions).
 */
export const instant = field((value): number | undefined => {
  if (typeof value === 'number') return fromSeconds(value)
  if (typeof value !== 'string') return undefined
  return /^\d+(\.\d+)?$/.test(value) ? fromSeconds(Number(value)) : validTime(Date.parse(value))
})

function fromSeconds(seconds: number): number | undefined {
  return seconds > 0 ? validTime(Math.round(seconds * 1000)) : undefined
}

function validTime(milliseconds: number): number | undefined {
  return Number.isNaN(new Date(milliseconds).getTime()) ? undefined : milliseconds
}

/**
 * The elements of an array that have the shape; none when the field is missing or something else.
 * For side lists only: what a call is made for must not shrink unnoticed.
 */
export function listOf<Shape extends z.ZodType>(shape: Shape) {
  return field((value): z.output<Shape>[] => {
    const elements: unknown[] = Array.isArray(value) ? value : []
    return elements.flatMap((element) => {
      const parsed = shape.safeParse(element)
      return parsed.success ? [parsed.data] : []
    })
  })
}

/** What is left of an object type when keys that may be undefined become optional keys. */
type Compact<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K]
} & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> }

/** Leaves out the keys whose value is undefined, so that absent means absent. */
export function compact<T extends object>(value: T): { [K in keyof Compact<T>]: Compact<T>[K] } {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return Object.fromEntries(entries) as { [K in keyof Compact<T>]: Compact<T>[K] }
}

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
