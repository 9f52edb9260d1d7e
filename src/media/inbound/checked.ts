import { createHash } from 'node:crypto'

/** The file has more bytes than it may have. */
export class TooLongError extends Error {}
/** The bytes are not those the message announced. */
export class WrongHashError extends Error {}

export type Expectation = {
  /** Of the whole file, when the message told it. */
  sha256: Uint8Array | undefined
  maxBytes: number
}

/** Passes a file on and throws at its end, or before, unless it is what was expected. */
export async function* checked(
  source: AsyncIterable<Uint8Array>,
  { sha256, maxBytes }: Expectation,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of source) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new TooLongError('The file is longer than it may be')
    hash.update(chunk)
    yield chunk
  }
  if (sha256 !== undefined && !hash.digest().equals(sha256)) {
    throw new WrongHashError('The file is not the one that was announced')
  }
}
