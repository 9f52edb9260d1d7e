import type { AccountOptions } from '../../../config/schema.ts'
import type { OutgoingKind } from '../../../platforms/wasender/outgoing-message.ts'
import type { CommandName } from '../../commands/command.ts'
import type { Content, MediaKind } from '../canonical.ts'

/**
 * `carried`: it is the same thing there. `degraded`: it is there, but as something else or with something missing.
 * `impossible`: it cannot get there, and nobody is told a lie about it.
 */
export type How = 'carried' | 'degraded' | 'impossible'

/**
 * Test files, and bodies that are played, by their path in the project; each with a test, a group of tests or a case, as it
 * is named there.
 */
export type Tests = Readonly<
  Record<`${'src' | 'test'}/${string}.test.ts` | `test/fixtures/inbound/${string}.json`, string>
>

type Row = {
  /** What people call it. */
  kind: string
  how: How
  /** What it becomes on the other side. */
  as: string
  /** Why it is not simply the same there. */
  why?: string
  /** Options of the account that decide about it. */
  options?: readonly (keyof AccountOptions)[]
  /** What shows that it is so. */
  tests: Tests
}

/** Something on WhatsApp. */
export type InboundCapability = Row & {
  direction: 'in'
  /** What it is to the bridge. */
  content?: readonly Content['kind'][]
  media?: readonly MediaKind[]
  /** WhatsApp's own names of the messages that are this. */
  nodes?: readonly string[]
}

/** Something in Chatwoot. */
export type OutboundCapability = Row & {
  direction: 'out'
  /** What is sent for it. */
  sends?: readonly OutgoingKind[]
  /** Chatwoot's content types that are this. */
  contentTypes?: readonly string[]
  commands?: readonly CommandName[]
  limits?: {
    /** Largest file, in bytes. */
    bytes: number
    /** Bare MIME types; absent when any will do. */
    types?: readonly string[]
  }
}

export type Capability = InboundCapability | OutboundCapability
