import type { SessionStatus } from '../wasender/session.ts'
import { type HelpdeskConversation, helpdeskConversations } from './helpdesk-view.ts'
import { type PhonePerson, phonePeople } from './phone-view.ts'
import type { DemoWorld } from './world.ts'

/** Everything the page draws. It is small, so it travels as a whole after every change. */
export type DemoState = {
  business: { name: string; phone: string }
  agent: string
  people: PhonePerson[]
  conversations: HelpdeskConversation[]
  session: SessionStatus
  bridge: 'running' | 'away'
  counts: {
    /** Webhooks of WasenderAPI. */
    whatsappEvents: number
    /** Requests of the bridge to Chatwoot's API. */
    helpdeskCalls: number
    /** Webhooks of Chatwoot. */
    helpdeskEvents: number
    /** Messages the bridge asked WasenderAPI to send. */
    whatsappSends: number
  }
}

/** Either spelling of the send routes (design section 4.3). */
const SENDS = /^\/api\/send-/

/** Looks at both stand-ins. `phones` names whose phones the page shows. */
export function demoState(world: DemoWorld, phones: readonly string[]): DemoState {
  const { wasender, chatwoot, bridge } = world
  const { name, phoneNumber, status } = wasender.session()
  return {
    business: { name, phone: phoneNumber },
    agent: chatwoot.agent().user.availableName,
    people: phonePeople(world, phones, arrivedIn(chatwoot)),
    conversations: helpdeskConversations(chatwoot),
    session: status,
    bridge: bridge.isRunning() ? 'running' : 'away',
    counts: {
      whatsappEvents: wasender.webhookLog.length,
      helpdeskCalls: chatwoot.calls.length,
      helpdeskEvents: chatwoot.webhookLog.length,
      whatsappSends: wasender.countOf(SENDS, 'POST'),
    },
  }
}

function arrivedIn(chatwoot: DemoWorld['chatwoot']): Set<string> {
  return new Set(chatwoot.allMessages().flatMap(({ sourceId }) => sourceId ?? []))
}
