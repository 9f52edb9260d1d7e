import type { CrashPoint, CrashStep } from '../../../src/kernel/crash-points.ts'
import type { Fleet } from '../../support/fleet.ts'
import type { Said } from '../ledger/types.ts'
import { createAcceptance } from '../soak/accepted.ts'
import type { Customer } from '../soak/people.ts'
import type { InKind, OutKind } from '../soak/plan.ts'
import { reply } from '../soak/reply.ts'
import { write } from '../soak/write.ts'

/** One way of a message and the steps on it at which the bridge is stopped. */
export type Scenario = {
  name: string
  /** Whether the customer has written before. */
  known: boolean
  /** Makes the step happen, where an ordinary message does not come to it. */
  prepare?: (fleet: Fleet) => void
  say: (fleet: Fleet, customer: Customer, words: string) => Promise<Said>
  steps: CrashStep[]
}

const writes = (kind: InKind): Scenario['say'] => {
  return async (fleet, customer, words) => {
    const [account] = fleet.accounts
    const acceptance = createAcceptance(fleet)
    return write({
      account: account!,
      customer,
      kind,
      words,
      lid: false,
      last: undefined,
      acceptance,
    })
  }
}

/** On the business's own phone, which names the other side by LID alone. */
const typed: Scenario['say'] = async (fleet, { phone }, words) => {
  const account = fleet.accounts[0]!
  const { wasender } = fleet
  const { keyId } = wasender.ownerOf(account.session.id).typeOnPhone(phone, words)
  const acceptance = createAcceptance(fleet)
  const accepted = () => acceptance.written(keyId)
  const mark = { text: words }
  return { by: 'phone', kind: 'text', account: account.id, phone, keyId, mark, accepted }
}

/** Makes the customer known. */
export const sayHello = (fleet: Fleet, customer: Customer) =>
  writes('text')(fleet, customer, 'helloz')

const replies = (kind: OutKind): Scenario['say'] => {
  return async (fleet, { phone }, words) => {
    const [account] = fleet.accounts
    const acceptance = createAcceptance(fleet)
    const said = await reply({ account: account!, phone, kind, words, acceptance })
    if (said === undefined) throw new Error('There is no conversation to answer in')
    return said
  }
}

/** Longer than the bridge waits for a Redis that does not answer. */
const FROZEN_MS = 2_500

const REDIS_AWAY: Scenario = {
  name: 'a text that comes while Redis does not answer',
  known: true,
  prepare: (fleet) => {
    fleet.killRedis('SIGSTOP')
    setTimeout(() => fleet.killRedis('SIGCONT'), FROZEN_MS)
  },
  say: writes('text'),
  steps: ['spool.append', 'spool.drain'],
}
export const INBOUND: Scenario[] = [
  {
    name: 'the first text of a customer',
    known: false,
    say: writes('text'),
    steps: [
      'lanes.append',
      'aliases.put',
      'claims.claim',
      'chatwoot.contacts.create',
      'chats.put',
      'chatwoot.conversations.create',
      'chats.update',
      'claims.move',
      'chatwoot.messages.create',
      'links.put',
      'lanes.remove',
    ],
  },
  {
    name: 'the first text to somebody, typed on the phone',
    known: false,
    say: typed,
    steps: ['chatwoot.contacts.create', 'chatwoot.conversations.create', 'chats.put', 'links.put'],
  },
  {
    name: 'a text that is tried again',
    known: true,
    prepare: ({ chatwoots }) => {
      const [chatwoot] = chatwoots
      chatwoot?.faults.add({
        kind: 'answer',
        status: 503,
        method: 'POST',
        path: '/messages',
        times: 1,
      })
    },
    say: writes('text'),
    steps: ['lanes.save'],
  },
  {
    name: 'a file of a customer',
    known: true,
    say: writes('document'),
    steps: ['wasender.media.decrypt', 'chatwoot.messages.createWithAttachments'],
  },
  REDIS_AWAY,
]

export const OUTBOUND: Scenario[] = [
  {
    name: 'a text of an agent',
    known: true,
    say: replies('text'),
    steps: [
      'lanes.append',
      'pace.pass',
      'pace.left',
      'journal.begin',
      'wasender.messages.send',
      'journal.note',
      'infoPolls.schedule',
      'links.update',
      'chatwoot.messages.updateStatus',
      'lanes.remove',
    ],
  },
  {
    name: 'a text that the gateway does not take at once',
    known: true,
    prepare: ({ wasender }) => {
      const body = { success: false, message: 'You are on a free trial.', retry_after: 1 }
      wasender.faults.add({ kind: 'answer', status: 429, body, path: '/send-message', times: 1 })
    },
    say: replies('text'),
    steps: ['journal.withdraw'],
  },
  {
    name: 'a text whose receipts come first',
    known: true,
    prepare: ({ wasender }) => {
      wasender.echo.order = ['acks', 'sent', 'upsert']
    },
    say: replies('text'),
    steps: ['early.keep'],
  },
  {
    name: 'two files of an agent',
    known: true,
    say: replies('files'),
    steps: ['wasender.media.upload', 'wasender.messages.send'],
  },
]

/** Every step, before and after. */
export function pointsOf({ steps }: Scenario): CrashPoint[] {
  return steps.flatMap((step) => [`${step}.before`, `${step}.after`] as const)
}
