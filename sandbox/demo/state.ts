import type { SessionStatus } from '../wasender/session.ts'
import { type HelpdeskConversation, helpdeskConversations } from './helpdesk/helpdesk-view.ts'
import { type PhoneChat, phoneChat } from './phone/phone-view.ts'
import type { DemoStage } from './stage.ts'
import type { DemoWorld } from './world.ts'

/** Everything the page draws. It is small, so it travels as a whole after every change. */
export type DemoState = {
  business: { name: string; phone: string }
  agent: string
  chats: PhoneChat[]
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

/** Either spelling of the send routes, but no marks of typing. */
const SENDS = /^\/api\/send-(?!presence)/

/** The bridge also fetches files from Chatwoot's storage, which are no calls of its API. */
const HELPDESK_API = /^\/(public\/)?api\//

/** Looks at both stand-ins. */
export function demoState(stage: DemoStage): DemoState {
  const { wasender, chatwoot, bridge } = stage.world
  const arrived = arrivedIn(chatwoot)
  const { name, phoneNumber, status } = wasender.session()
  return {
    business: { name, phone: phoneNumber },
    agent: chatwoot.agent().user.availableName,
    chats: stage.chats.map((chat) => phoneChat(stage, chat, arrived)),
    conversations: helpdeskConversations(chatwoot),
    session: status,
    bridge: bridge.isRunning() ? 'running' : 'away',
    counts: {
      whatsappEvents: wasender.webhookLog.length,
      helpdeskCalls: chatwoot.countOf({ path: HELPDESK_API }),
      helpdeskEvents: chatwoot.webhookLog.length,
      whatsappSends: wasender.countOf(SENDS, 'POST'),
    },
  }
}

function arrivedIn(chatwoot: DemoWorld['chatwoot']): Set<string> {
  return new Set(chatwoot.allMessages().flatMap(({ sourceId }) => sourceId ?? []))
}
