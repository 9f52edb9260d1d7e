import { isRecord } from './lenient.ts'

/** Who wrote a message or is typing. `null` for automations, greetings, out-of-office and CSAT. */
export type Sender =
  | { kind: 'user'; id: number; name: string; availableName?: string }
  | { kind: 'bot'; id: number; name: string }
  | { kind: 'contact'; id: number }

const KINDS: Readonly<Record<string, Sender['kind']>> = {
  user: 'user',
  agent_bot: 'bot',
  agentbot: 'bot',
  captain_assistant: 'bot',
  'captain::assistant': 'bot',
  contact: 'contact',
}

/**
 * Reads a sender of any of Chatwoot's spellings. In webhooks a contact has no `type` at all
 * (docs/platforms/chatwoot.md#payloads); a type nobody knows yet is a machine rather than a person.
 */
export function readSender(value: unknown, incoming: boolean): Sender | null {
  if (!isRecord(value) || typeof value.id !== 'number') return null
  const { id } = value
  const name = typeof value.name === 'string' ? value.name : ''
  const kind = incoming ? 'contact' : kindOf(value.type)
  if (kind === 'contact') return { kind, id }
  if (kind === 'bot') return { kind, id, name }
  const availableName = readAvailableName(value)
  return { kind, id, name, ...(availableName === undefined ? {} : { availableName }) }
}

/**
 * The name customers may see. Webhooks carry it only in the newest message and in the assignee, so it counts only where
 * that is the same agent (docs/platforms/chatwoot.md#payloads).
 */
export function withAvailableName(
  sender: Sender | null,
  candidates: readonly unknown[],
): Sender | null {
  if (sender?.kind !== 'user' || sender.availableName !== undefined) return sender
  for (const candidate of candidates) {
    if (!isRecord(candidate) || candidate.id !== sender.id) continue
    const availableName =
      kindOf(candidate.type ?? 'user') === 'user' && readAvailableName(candidate)
    if (availableName) return { ...sender, availableName }
  }
  return sender
}

function kindOf(type: unknown): Sender['kind'] {
  if (typeof type !== 'string' || type === '') return 'contact'
  const known = type.toLowerCase()
  return Object.hasOwn(KINDS, known) ? (KINDS[known] ?? 'bot') : 'bot'
}

function readAvailableName(value: Record<string, unknown>): string | undefined {
  const name = value.available_name
  return typeof name === 'string' && name !== '' ? name : undefined
}
