import { INBOUND, OUTBOUND, type Scenario } from './crash/scenarios.ts'
import { walkThrough } from './crash/walk.ts'

/**
 * Where a message is between being accepted, sent and remembered: the steps at which something would be lost or doubled
 * first. `crash-in.long` and `crash-out.long` stop at every step of every way.
 */
const [text] = INBOUND as [Scenario, ...Scenario[]]
const [answer] = OUTBOUND as [Scenario, ...Scenario[]]

walkThrough(text, [
  'lanes.append.after',
  'claims.claim.after',
  'chatwoot.messages.create.after',
  'links.put.after',
])
walkThrough(answer, [
  'lanes.append.after',
  'journal.begin.after',
  'wasender.messages.send.after',
  'journal.note.after',
])
