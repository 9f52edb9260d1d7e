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
