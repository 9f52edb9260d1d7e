import { z } from 'zod'
import { type Ack, toAck } from './ack.ts'
import { readAddresses } from './addresses.ts'
import { anything, asList, compact, entriesOf, isObject, millis } from './fields.ts'
import { readKey } from './key.ts'
import { type ReadEvent, unknownEvent, type WasenderEvent } from './types.ts'

const receiptSchema = z.object({
  userJid: anything,
  receiptTimestamp: millis,
  readTimestamp: millis,
  playedTimestamp: millis,
  status: anything,
  t: millis,
})

type Receipt = z.output<typeof receiptSchema>

/**
 * `message-receipt.update`: one member's receipt, in the docs' or the SDK's spelling
 * (docs/platforms/wasender.md#group-receipts).
 */
export const readReceipts: ReadEvent = (data, event) =>
  entriesOf(data, 'message', 'messages').flatMap((entry) => {
    if (!isObject(entry)) return [unknownEvent(event, 'receipt that is no object')]
    return asList(entry.receipt).map((receipt) => receiptEvent(entry.key, receipt, event))
  })

function receiptEvent(rawKey: unknown, rawReceipt: unknown, event: string): WasenderEvent {
  const key = readKey(rawKey)
  const receipt = receiptSchema.safeParse(rawReceipt)
  const status = receipt.success ? statusOf(receipt.data) : undefined
  if (key === undefined || !receipt.success || status === undefined) {
    return unknownEvent(event, 'receipt without a usable key or status')
  }
  const { userJid, receiptTimestamp, readTimestamp, playedTimestamp, t } = receipt.data
  return {
    type: 'receipt',
    key,
    status,
    ...compact({
      member: readAddresses(userJid),
      at: playedTimestamp ?? readTimestamp ?? receiptTimestamp ?? t,
    }),
  }
}

/** The furthest of what the timestamps say. A receipt that says nothing more still says it arrived. */
function statusOf(receipt: Receipt): Ack | undefined {
  if (receipt.playedTimestamp !== undefined) return 5
  if (receipt.readTimestamp !== undefined) return 4
  if (receipt.status !== undefined && receipt.status !== null) return toAck(receipt.status)
  return 3
}
