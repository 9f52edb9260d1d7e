import { buffer } from 'node:stream/consumers'
import { conversationOf, threadOf } from './lookups.ts'
import type { ChatwootStandIn } from './stand-in.ts'
import type { World } from './state.ts'

type Views = Pick<
  ChatwootStandIn,
  'inboxes' | 'contacts' | 'conversations' | 'messages' | 'allMessages' | 'attachmentBytes'
>

/** The records as copies, so that a test cannot change what it looks at. */
export function createViews(world: World, defaultAccountId: number): Views {
  const copies = <T>(rows: Iterable<T>): T[] => [...rows].map((row) => structuredClone(row))
  return {
    inboxes: () => copies(world.inboxes.values()),
    contacts: () => copies(world.contacts.values()),
    conversations: () => copies(world.conversations.values()),
    messages: (id, accountId = defaultAccountId) =>
      copies(threadOf(world, conversationOf(world, accountId, id))),
    // Only what is wanted is copied: it is asked for again after every change.
    allMessages: (fits = () => true) => copies([...world.messages.values()].filter(fits)),
    attachmentBytes: async ({ blobId, filename }) => {
      const blob = blobId === null ? undefined : world.blobs.get(blobId)
      const stream = blob && (await world.blobs.open(blob))
      if (stream === undefined) throw new Error(`The stand-in has no bytes of ${filename} yet`)
      return buffer(stream)
    },
  }
}
