/** Passes a stream of chunks on, except for its last bytes. */
export type Tail = {
  /** Takes a chunk; returns what cannot be among the last bytes any more, in pieces, so that nothing large is copied. */
  push(chunk: Uint8Array): Uint8Array[]
  /** The last bytes; fewer when there were no more. */
  rest(): Uint8Array
}

/** Keeps the last `length` bytes back, however the stream is cut into chunks. */
export function createTail(length: number): Tail {
  let kept: Uint8Array = new Uint8Array()
  return {
    push(chunk) {
      if (chunk.length >= length) {
        const ready = [kept, chunk.subarray(0, chunk.length - length)]
        // A copy: a view would keep the whole chunk alive, or change when its buffer is used again.
        kept = Uint8Array.from(chunk.subarray(chunk.length - length))
        return ready.filter((piece) => piece.length > 0)
      }
      const all = Buffer.concat([kept, chunk])
      const cut = Math.max(0, all.length - length)
      kept = all.subarray(cut)
      return cut === 0 ? [] : [all.subarray(0, cut)]
    },
    rest: () => kept,
  }
}
