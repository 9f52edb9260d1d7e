import type { DemoWorld } from './world.ts'

/** Rings whenever something happened in one of the two stand-ins. */
export type Feed = {
  /** Returns the function that stops listening. */
  listen(listener: () => void): () => void
  close(): void
}

/** Follows both stand-ins: WasenderAPI's in this process, Chatwoot's by its event stream. */
export function createFeed({ wasender, chatwoot }: DemoWorld): Feed {
  const listeners = new Set<() => void>()
  const ring = () => {
    for (const listener of [...listeners]) listener()
  }
  const closing = new AbortController()
  const unsubscribe = wasender.subscribe(ring)
  // Ends with an abort, or when the stand-in is closed: then nothing is left to follow.
  followStream(`${chatwoot.url}/_sandbox/events`, closing.signal, ring).catch((error: unknown) => {
    if (!closing.signal.aborted) throw error
  })
  return {
    listen: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close: () => {
      unsubscribe()
      closing.abort()
    },
  }
}

/** What an event says does not matter here: the page gets the state as a whole. */
async function followStream(url: string, signal: AbortSignal, ring: () => void): Promise<void> {
  const { body } = await fetch(url, { signal })
  if (body === null) throw new Error('The event stream of the stand-in has no body')
  for await (const _chunk of body) ring()
}
