import { ReadableStream } from 'node:stream/web'
import { type FileStream, limited } from './file-stream.ts'
import { type Card, readCard } from './vcard.ts'

/**
 * Reads a `.vcf` whole. `again` is the file to be read once more, for one that holds no card to send.
 *
 * @throws {FileTooLargeError} it is larger than a card is
 */
export async function readCardFile(
  file: FileStream,
  maxBytes: number,
): Promise<{ card: Card | undefined; again: Pick<FileStream, 'body' | 'failure'> }> {
  const chunks: Uint8Array[] = []
  for await (const chunk of limited(file, maxBytes).body) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  return {
    card: readCard(bytes.toString('utf8')),
    again: { body: ReadableStream.from([bytes]), failure: () => undefined },
  }
}
