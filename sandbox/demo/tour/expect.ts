import { createHash } from 'node:crypto'
import type { ChatwootStandIn } from '../../chatwoot/stand-in.ts'
import type { Message } from '../../chatwoot/types.ts'
import type { PhoneMessage } from '../../wasender/phones.ts'
import type { Sample } from '../samples/samples.ts'
import { expectThat } from './step.ts'

/** Throws with both values, unless they are the same. */
export function expectSame<T>(what: string, actual: T, wanted: T): void {
  expectThat(
    actual === wanted,
    `${what} should be ${JSON.stringify(wanted)}, not ${JSON.stringify(actual)}.`,
  )
}

/** Throws with the text, unless it matches. */
export function expectText(what: string, actual: string | null | undefined, wanted: RegExp): void {
  expectThat(wanted.test(actual ?? ''), `${what} should match ${wanted}, not be "${actual}".`)
}

/** The message in the helpdesk has exactly these files, byte by byte. */
export async function expectFiles(
  chatwoot: ChatwootStandIn,
  { attachments }: Message,
  wanted: readonly Sample[],
): Promise<void> {
  expectSame('The number of files', attachments.length, wanted.length)
  for (const [index, attachment] of attachments.entries()) {
    const bytes = await chatwoot.attachmentBytes(attachment)
    const isEqual = Buffer.compare(bytes, wanted[index]?.bytes ?? new Uint8Array()) === 0
    expectThat(isEqual, `${attachment.filename} should have the bytes that were sent.`)
  }
}

/** The message on the phone is this file, byte by byte. */
export function expectFile({ media }: PhoneMessage, { bytes }: Pick<Sample, 'bytes'>): void {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expectSame('The checksum of the file on the phone', media?.sha256, sha256)
}

/** The message in the helpdesk quotes this one. */
export function expectQuote({ contentAttributes }: Message, { id }: Message): void {
  expectSame('The quoted message', contentAttributes.in_reply_to, id)
}
