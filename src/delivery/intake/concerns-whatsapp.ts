import type { Account } from '../../account.ts'
import type { MessageEvent } from '../../chatwoot/events.ts'
import { classifyMessageEvent } from '../../chatwoot/loop-rule.ts'
import { isCommand } from '../../commands/parse.ts'
import { isForOperator } from '../../session/operator/for-operator.ts'
import { isOperatorConversation } from '../../session/operator/operator-address.ts'

/**
 * Messages for the customer, what operators write to the bridge, and commands. One with a source id may still be the bridge's
 * own, which `inbound/own-ids` knows.
 */
export function concernsWhatsapp(account: Account, event: MessageEvent): boolean {
  if (isOperatorConversation(account, event.conversation)) return isForOperator(event)
  const verdict = classifyMessageEvent(event)
  if (verdict.action !== 'ignore') return true
  return verdict.reason === 'private' && isCommandOfAgent(account, event)
}

/** A machine's note is never a command, whatever it says, and neither is an answer of the bridge. */
function isCommandOfAgent({ options }: Account, event: MessageEvent): boolean {
  const { content, sender, sourceId } = event
  const isAgents = event.private && sourceId === null && sender?.kind === 'user'
  return options.commands && isAgents && isCommand(content)
}
