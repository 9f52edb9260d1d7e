import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'

const MAX_BODY_BYTES = 5 * 1024 * 1024
/**
 * How much of a body that is too large is read and thrown away. A sender that is still writing would not see the
 * answer otherwise, only a broken connection.
 */
const MAX_DRAIN_BYTES = 32 * 1024 * 1024

/** Why a body was not read: over 5 MB, no room for more from strangers, or its sender stopped before its end. */
export type Unread = 'too-large' | 'no-room' | 'cut-off'

/** Over 5 MB by its own account. */
export function isAnnouncedTooLarge(c: Context): boolean {
  return Number(c.req.header('Content-Length') ?? 0) > MAX_BODY_BYTES
}

/**
 * Reads the raw bytes of a request into `held`, because signatures are made over them and not over re-serialised JSON.
 * Resolves with why that did not work out, or with nothing once all of it is there.
 */
export async function readBody(c: Context, held: Held): Promise<Unread | undefined> {
  // Not as a web stream, whose own buffers are larger than most bodies.
  const { incoming } = c.env as HttpBindings
  const pieces = incoming.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>
  // Who has to make room for others does not wait for the rest of its body.
  const evicted = held.evicted.then(() => 'no-room' as const)
  let size = 0
  while (size <= MAX_DRAIN_BYTES) {
    // It fails when the sender hangs up, or takes longer than a request may (`listen.ts`).
    const piece = await Promise.race([pieces.next().catch(() => 'cut-off' as const), evicted])
    if (piece === 'cut-off' || piece === 'no-room') return piece
    if (piece.done) break
    size += piece.value.byteLength
    if (size <= MAX_BODY_BYTES) held.add(piece.value)
    else held.leave()
  }
  return size > MAX_BODY_BYTES ? 'too-large' : undefined
}

/** The JSON in a body, or `undefined` when it is none. */
export function jsonIn(bytes: Uint8Array): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) }
  } catch {
    return undefined
  }
}

/**
 * Bytes of bodies that may be held at a time while nobody knows who sends them: thousands of usual webhooks. What was let go
 * of stays in memory for a while, so in the end several times as much is taken from the system.
 */
const MOST_BYTES = 10 * 1024 * 1024
/** What holding a piece costs beside its bytes: a body may come in millions of pieces of one byte. */
const PIECE_BYTES = 256

/** What is held of one body. */
export type Held = {
  add(piece: Uint8Array): void
  /** All of it, as it came; `undefined` once it had to make room for others. */
  pieces(): readonly Uint8Array[] | undefined
  /** Resolves when it had to make room for others. */
  readonly evicted: Promise<void>
  /** Lets go of it. */
  leave(): void
}

/** The room that all bodies share whose sender has not been verified yet. */
export type BodyRoom = { enter(): Held }

/**
 * When the room is full, the largest body goes: webhooks are small, so whoever fills the room takes it from others of that
 * kind and not from the next webhook.
 */
export function createBodyRoom(mostBytes = MOST_BYTES): BodyRoom {
  const inside = new Set<Guest>()
  let total = 0

  function leave(guest: Guest): void {
    if (!inside.delete(guest)) return
    total -= guest.size
    guest.pieces = []
  }

  function makeRoom(): void {
    while (total > mostBytes) {
      const largest = [...inside].reduce((one, other) => (other.size > one.size ? other : one))
      leave(largest)
      largest.evict()
    }
  }

  return {
    enter() {
      const { promise: evicted, resolve: evict } = Promise.withResolvers<void>()
      const guest: Guest = { pieces: [], size: 0, evict }
      inside.add(guest)
      return {
        evicted,
        add(piece) {
          if (!inside.has(guest)) return
          guest.pieces.push(piece)
          const cost = piece.byteLength + PIECE_BYTES
          guest.size += cost
          total += cost
          makeRoom()
        },
        pieces: () => (inside.has(guest) ? guest.pieces : undefined),
        leave: () => leave(guest),
      }
    },
  }
}

type Guest = { pieces: Uint8Array[]; size: number; evict: () => void }
