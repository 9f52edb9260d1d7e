import { z } from 'zod'
import { anything, flag } from '../../wasender/events/fields.ts'
import type { Converter } from './converter.ts'
import { list, readNode } from './fields.ts'

const logSchema = z.object({ isVideo: flag, callOutcome: anything, participants: list })

/** How a call ended, by the numbers and names of WhatsApp's call log; in the words of the `call` event. */
const OUTCOMES: ReadonlyMap<string, string> = new Map([
  ['0', 'accept'],
  ['CONNECTED', 'accept'],
  ['1', 'timeout'],
  ['MISSED', 'timeout'],
  ['3', 'reject'],
  ['REJECTED', 'reject'],
])

/** `callLogMesssage` (WhatsApp's own spelling): a line of the call log. */
export const fromCallLog: Converter = (node) => {
  const { isVideo, callOutcome, participants } = readNode(logSchema, node)
  const status = OUTCOMES.get(String(callOutcome ?? '0').toUpperCase()) ?? 'offer'
  return { kind: 'call', video: isVideo === true, group: participants.length > 1, status }
}

/** `call`: a call to a group, announced as a message. */
export const fromCallMessage: Converter = () => ({
  kind: 'call',
  video: false,
  group: true,
  status: 'offer',
})
