import type { Content, IgnoredMessage } from '../canonical.ts'

/** What accompanies a node. */
export type Source = {
  /** The gateway's own reading of text, caption or reply, when it says something. */
  body?: string
  /** When it was written, milliseconds since 1970. */
  at?: number
}

/**
 * Reads one kind of node. `undefined` when nothing in it can be carried; the message is then shown as one that
 * could not be. Pure, and never throws whatever the node holds.
 */
export type Converter = (node: unknown, source: Source) => Content | IgnoredMessage | undefined
