import type { MediaKind, MessageNode } from '../../wasender/nodes.ts'
import type { Person } from '../../wasender/people.ts'
import type { WasenderStandIn } from '../../wasender/server.ts'
import type { Said } from '../../wasender/voice.ts'
import { hostMedia } from '../media/host-media.ts'
import type { Sample } from '../samples/samples.ts'

/** Who sends it, and the platform whose servers hold the files. */
export type Sender = { person: Person; wasender: WasenderStandIn }

/** One message in the helpdesk. */
export type Shown = {
  /** Its text; it has none when this is left out. */
  content?: RegExp
  /** Its files, byte by byte; it has none when this is left out. */
  files?: readonly Sample[]
  isNote?: true
  /** Which of the messages shown for this kind it quotes, from 0. */
  quotes?: number
}

/**
 * A kind of message beyond words, files, places, contacts and polls. The page offers it, the tour sends it, and what
 * the tests of the page look for is in here, too.
 */
export type Kind = {
  /** What the page asks for. */
  id: string
  /** What the page calls it. */
  label: string
  /** What the tour promises. */
  promise: string
  /** Sends it as WhatsApp does, all messages that it takes. */
  send(sender: Sender): readonly Said[]
  /** Everything the agent gets for it, in order. */
  shown: readonly Shown[]
}

/** Sends one node. */
export const sends =
  (node: MessageNode | ((wasender: WasenderStandIn) => MessageNode)): Kind['send'] =>
  ({ person, wasender }) => [person.sendRaw(typeof node === 'function' ? node(wasender) : node)]

/** What stands in the node of a file that WhatsApp holds: address, key and the rest. */
export function fileNode(
  wasender: WasenderStandIn,
  kind: MediaKind,
  sample: Sample,
): Record<string, unknown> {
  const [node] = Object.values(hostMedia(wasender, kind, sample))
  return { ...(node as Record<string, unknown>) }
}
