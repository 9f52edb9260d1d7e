import type { Account } from '../../account.ts'
import type { MessageEvent } from '../../chatwoot/events.ts'
import { classifyMessageEvent } from '../../chatwoot/loop-rule.ts'
import { isCommand } from '../../commands/parse.ts'
import { isForOperator } from '../../session/operator/for-operator.ts'
import { isOperatorConversation } from '../../session/operator/operator-address.ts'
import { isDeleted } from '../outbound/due.ts'

/** Messages for the customer, what operators write to the bridge, commands, and deletions of what was typed on the phone. */
export function concernsWhatsapp(account: Account, event: MessageEvent): boolean {
  if (isOperatorConversation(account, event.conversation)) return isForOperator(event)
  const verdict = classifyMessageEvent(event)
  if (verdict.action !== 'ignore') return true
  if (verdict.reason === 'private') return isCommandOfAgent(account, event)
  return verdict.reason === 'own' && event.messageType === 'outgoing' && isDeleted(event)
}

/** A machine's note is never a command, whatever it says, and neither is an answer of the bridge. */
function isCommandOfAgent({ options }: Account, event: MessageEvent): boolean {
  const { content, sender, sourceId } = event
  const isAgents = event.private && sourceId === null && sender?.kind === 'user'
  return options.commands && isAgents && isCommand(content)
}
