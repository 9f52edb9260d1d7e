import { z } from 'zod'
import { anything, compact, entriesOf, flag, label, millis } from './fields.ts'
import { readAddress, readAddresses } from './key.ts'
import { type ReadEvent, unknownEvent, type WasenderEvent } from './types.ts'

const callSchema = z.object({
  id: z.string().min(1),
  from: anything,
  chatId: anything,
  callerPn: anything,
  callerLid: anything,
  groupJid: anything,
  date: millis,
  status: label,
  isGroup: flag,
  isVideo: flag,
})

/** `call`, named `call.received` by the SDK (docs/platforms/wasender.md#calls). */
export const readCalls: ReadEvent = (data, event) =>
  entriesOf(data, 'call', 'calls').map((entry) => callEvent(entry, event))

function callEvent(entry: unknown, event: string): WasenderEvent {
  const parsed = callSchema.safeParse(entry)
  if (!parsed.success) return unknownEvent(event, 'call without an id')
  const call = parsed.data
  const caller = readAddresses({
    id: call.from ?? call.chatId,
    phoneNumber: call.callerPn,
    lid: call.callerLid,
  })
  if (caller === undefined) return unknownEvent(event, 'call without a caller')
  const group = [call.groupJid, call.chatId]
    .map(readAddress)
    .find((address) => address?.kind === 'group')
  return {
    type: 'call',
    id: call.id,
    caller,
    // The SDK's variant has no status; it is only sent for new calls.
    status: call.status?.toLowerCase() ?? 'offer',
    isGroup: call.isGroup ?? group !== undefined,
    isVideo: call.isVideo === true,
    ...compact({ group, at: call.date }),
  }
}
