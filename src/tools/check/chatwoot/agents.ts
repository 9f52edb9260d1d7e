import type { AccountCheck } from '../account-context.ts'
import { type Finding, ok, outcomeOf, skipped, warning } from '../check.ts'

/** Agents see an inbox only after they were added to it (docs/platforms/chatwoot.md#inboxes). */
export const agents: AccountCheck = {
  id: 'inbox.agents',
  title: 'Agents of the inbox',
  needs: ['inbox'],
  async run({ chatwoot, account }) {
    const { members } = chatwoot.api.inboxes
    const outcome = await outcomeOf(() => members.list(account.chatwoot.inboxId))
    if (outcome.ok) return [judgeAgents(outcome.value.length)]
    if (outcome.error.code !== 'chatwoot.not_authorized') throw outcome.error
    return [skipped('the user of the token may not see who else is in the inbox')]
  },
}

export function judgeAgents(count: number): Finding {
  if (count > 0) return ok(`${count}.`)
  return warning(
    'inbox.no_agents',
    'none: only administrators see the conversations.',
    'Add agents in Chatwoot under Settings, Inboxes, the inbox, Collaborators.',
  )
}
