import type { Readable } from 'node:stream'
import { BridgeError } from '../errors.ts'

export type StallOptions = {
  /** Longest silence in milliseconds. Time the reader takes for itself does not count. */
  stallMs: number
  onStall: () => BridgeError
  /** A chunk was read and the reader is done with it. */
  onChunk?: (chunk: Uint8Array) => void
  /** What an error of the source means. */
  onError: (cause: unknown) => BridgeError
}

/**
 * Reads a stream that may fall silent. A limit on the whole would fail large files on slow lines;
 * a limit on silence fails only what has died. Nothing is read ahead.
 */
export async function* untilStalled(
  source: Readable,
  { stallMs, onStall, onChunk, onError }: StallOptions,
): AsyncGenerator<Uint8Array> {
  const iterator: AsyncIterator<Uint8Array> = source[Symbol.asyncIterator]()
  try {
    for (;;) {
      const timer = setTimeout(() => source.destroy(onStall()), stallMs)
      const { done, value } = await iterator.next().finally(() => clearTimeout(timer))
      if (done) return
      yield value
      onChunk?.(value)
    }
  } catch (error) {
    throw error instanceof BridgeError ? error : onError(error)
  } finally {
    source.destroy()
  }
}
