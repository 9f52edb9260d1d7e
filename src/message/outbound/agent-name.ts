import type { AgentMessage } from './agent-message.ts'

/**
 * What is put before an agent's text (option `agentName`), e.g. `*Ana*` and a line break; empty for everything a
 * machine wrote. The public name is preferred to the full one (docs/platforms/chatwoot.md#payloads).
 */
export function agentPrefix(message: AgentMessage, template: string): string {
  const { sender, messageType, contentAttributes } = message
  const isMachine =
    sender?.kind !== 'user' ||
    messageType !== 'outgoing' ||
    (contentAttributes.automation_rule_id ?? null) !== null
  if (template === '' || isMachine) return ''
  const name = (sender.availableName ?? sender.name).replace(/\s+/g, ' ').trim()
  return name === '' ? '' : template.replaceAll('{agent}', () => name)
}
