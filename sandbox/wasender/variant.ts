/**
 * The shapes one and the same event is seen in (docs/platforms/wasender.md#contradictions). Everything absent means: as
 * captured in production.
 */
export type Variant = {
  /** How people are addressed; `lid` where the person has one. */
  addressing?: 'lid' | 'pn'
  /** `data.messages` as an object (production) or in an array (older docs). */
  container?: 'object' | 'array'
  /** `messageTimestamp`: seconds, milliseconds, seconds as text, or seconds as a Long. */
  timestamp?: 's' | 'ms' | 'string' | 'long'
  /** Unit of the envelope's `timestamp`. */
  envelope?: 's' | 'ms'
  /** `messages.update`: `{update, key}`, `{update: {key, update}}`, or a list of the first. */
  update?: 'flat' | 'nested' | 'array'
  /** `message.sent`: `{key, message}` or `{messages: {key, message}}`. */
  sent?: 'flat' | 'wrapped'
  /** Adds the unverified `msgId` to `message.sent`. */
  sentMsgId?: boolean
  /** Adds Baileys 7's `remoteJidAlt` and `participantAlt`. */
  alternatives?: boolean
  /** Field names to leave out of envelope, message and key, such as `sessionId` or `messageBody`. */
  omit?: string[]
}

export type Fields = Record<string, unknown>

/** A copy without the fields the variant leaves out and without undefined ones. */
export function shaped(fields: Fields, { omit = [] }: Variant): Fields {
  const kept = Object.entries(fields).filter(
    ([name, value]) => value !== undefined && !omit.includes(name),
  )
  return Object.fromEntries(kept)
}

/** A time in milliseconds as the variant writes `messageTimestamp`. */
export function stamp(at: number, { timestamp = 's' }: Variant): unknown {
  const seconds = Math.floor(at / 1000)
  return { s: seconds, ms: at, string: String(seconds), long: asLong(seconds) }[timestamp]
}

/** A 64-bit integer as protobuf libraries print it. */
function asLong(value: number): { low: number; high: number; unsigned: boolean } {
  return { low: value | 0, high: Math.floor(value / 2 ** 32), unsigned: true }
}

/** A copy without the undefined fields, for options that are either given or absent. */
export function defined<T extends object>(
  fields: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
} {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(kept) as ReturnType<typeof defined<T>>
}
