import type { Inbox } from '../../../platforms/chatwoot/shapes/inbox.ts'
import { leadsHere } from '../reaching.ts'

/** The only kind the bridge can use (docs/platforms/chatwoot.md#inboxes). */
const API_CHANNEL = 'Channel::Api'

/** What is to become of the question which inbox it is. */
export type InboxChoice =
  | { kind: 'adopt'; inbox: Inbox }
  | { kind: 'create' }
  /** A person has to say which. */
  | { kind: 'ask'; candidates: Inbox[] }
  | { kind: 'impossible'; why: string }

/**
 * Which inbox it is to be: the one that was asked for, else the one that posts to us already (an interrupted run
 * leaves such a one), else the one of the configuration, else one of the right name. One that posts to another program
 * is never taken without being asked for.
 */
export function chooseInbox(options: {
  inboxes: readonly Inbox[]
  /** `new`, or the number of an inbox. */
  wanted?: string | undefined
  /** Of the configuration. */
  known?: string | undefined
  name: string
  webhookUrl: string
}): InboxChoice {
  const { inboxes, wanted, known, name, webhookUrl } = options
  const usable = inboxes.filter(({ channelType }) => channelType === API_CHANNEL)
  const byId = (id: string | undefined) => usable.find((inbox) => String(inbox.id) === id)

  const ours = usable.find((inbox) => postsTo(inbox, webhookUrl))
  // Asked for again after an interrupted run, the new one is there already.
  if (wanted === 'new') return ours ? { kind: 'adopt', inbox: ours } : { kind: 'create' }
  if (wanted !== undefined) {
    const inbox = byId(wanted)
    return inbox === undefined ? absent(inboxes, wanted) : { kind: 'adopt', inbox }
  }
  const idle = usable.filter((inbox) => inbox.webhookUrl === undefined)
  const obvious =
    ours ?? freeOne(byId(known), webhookUrl) ?? idle.find((inbox) => inbox.name === name)
  if (obvious !== undefined) return { kind: 'adopt', inbox: obvious }
  return usable.length === 0 ? { kind: 'create' } : { kind: 'ask', candidates: usable }
}

/** The inbox unless it serves another program. */
function freeOne(inbox: Inbox | undefined, webhookUrl: string): Inbox | undefined {
  return leadsHere(inbox?.webhookUrl ?? webhookUrl, webhookUrl) ? inbox : undefined
}

/** Whether an inbox posts to this address, or to it with the token of older releases behind it. */
function postsTo(inbox: Inbox, webhookUrl: string): boolean {
  const { webhookUrl: current = '' } = inbox
  return current === webhookUrl || current.startsWith(`${webhookUrl}/`)
}

function absent(inboxes: readonly Inbox[], wanted: string): InboxChoice {
  const exists = inboxes.some(({ id }) => String(id) === wanted)
  const why = exists
    ? `Inbox ${wanted} is not of the kind "API", which is the only one a bridge can use.`
    : `Chatwoot has no inbox ${wanted}.`
  return { kind: 'impossible', why }
}
