import type { AccountCheck } from '../account-context.ts'
import { type Finding, failed, orOk, warning } from '../check.ts'
import { sessionOf } from './our-session.ts'

/** Without these messages, ticks, failures or outages go unseen. */
const NEEDED = ['messages.upsert', 'messages.update', 'message.sent', 'session.status'] as const

/** What each of the others brings (docs/platforms/wasender.md#events). */
const USEFUL: Readonly<Record<string, string>> = {
  'messages.delete': 'deleted messages',
  'messages.reaction': 'reactions',
  'message-receipt.update': 'ticks in groups',
  'poll.results': 'poll results',
  call: 'calls',
  'chats.update': 'what was read on the phone',
  'qrcode.updated': 'QR codes',
  'contacts.upsert': 'names',
  'contacts.update': 'names and pictures',
  'groups.upsert': 'group names',
  'groups.update': 'changed group names',
  'group-participants.update': 'who joins and leaves a group',
}

/** Names of one event that differ between documentation and SDK (docs/platforms/wasender.md#events). */
const ALSO: Readonly<Record<string, string>> = { call: 'call.received' }

const TICK =
  'on the page of the session in the WasenderAPI dashboard, or run "wasender-chatwoot setup".'

/** Which events the gateway tells of. */
export const sessionEvents: AccountCheck = {
  id: 'session.events',
  title: 'Events of the session',
  needs: ['session.ours'],
  async run(context) {
    const { webhookEvents = [] } = await sessionOf(context)
    return judgeEvents(webhookEvents)
  },
}

export function judgeEvents(events: readonly string[]): Finding[] {
  const ticked = new Set(events.map((event) => event.trim().toLowerCase()))
  const lacks = (event: string) => !ticked.has(event) && !ticked.has(ALSO[event] ?? event)
  const needed = NEEDED.filter(lacks)
  const useful = Object.keys(USEFUL).filter(lacks)
  const without = [...new Set(useful.map((event) => USEFUL[event]))].join(', ')
  return orOk(
    [
      needed.length > 0
        ? failed(
            'session.events.missing',
            `not ticked, but needed: ${needed.join(', ')}.`,
            `Tick them ${TICK}`,
          )
        : undefined,
      useful.length > 0
        ? warning(
            'session.events.fewer',
            `not ticked: ${useful.join(', ')}. Not carried: ${without}.`,
            `Tick them ${TICK}`,
          )
        : undefined,
    ],
    'all that are carried are ticked.',
  )
}
