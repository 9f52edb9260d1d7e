import type { ChatwootClient } from '../../chatwoot/client.ts'
import type { Agent } from '../../chatwoot/shapes/agent.ts'
import type { InboxId } from '../../ids.ts'
import type { Answers } from '../answers.ts'
import type { Progress } from '../steps.ts'
import { planMembers } from './plan-members.ts'

type AgentDeps = {
  client: Pick<ChatwootClient, 'agents' | 'inboxes'>
  /** Undefined when a dry run would have made the inbox. */
  inboxId: InboxId | undefined
  answers: Answers
  progress: Progress
}

/** Lets agents see the inbox; nobody is taken out (docs/platforms/chatwoot.md#inboxes). */
export async function setUpAgents({ client, inboxId, answers, progress }: AgentDeps) {
  const agents = await client.agents.list()
  const members = inboxId === undefined ? [] : await client.inboxes.members.list(inboxId)
  const wanted = answers.given('agents') ?? (await whoWorksHere(answers, agents, members))
  const { add, present, unknown } = planMembers({ wanted, agents, members })
  if (add.length > 0 && inboxId !== undefined && !progress.dryRun) {
    await client.inboxes.members.add(inboxId, add)
  }
  const detail =
    wanted === 'none'
      ? `${members.length} in the inbox`
      : `${add.length} added, ${present} were in the inbox`
  progress.step({ step: 'agents', state: add.length > 0 ? 'changed' : 'already', detail })
  if (unknown > 0) {
    progress.note(
      `${unknown} of the addresses in --agents belong to nobody in this Chatwoot account: invite them first.`,
    )
  }
}

/** Without an answer an inbox nobody sees gets everybody, and any other stays as it is. */
async function whoWorksHere(
  { prompter }: Answers,
  agents: readonly Agent[],
  members: readonly Agent[],
): Promise<string> {
  if (prompter === undefined || agents.length === 0) return members.length === 0 ? 'all' : 'none'
  const initial = members.length === 0 ? agents.filter(({ role }) => role === 'agent') : members
  const chosen = await prompter.chooseSome({
    message: 'Who is to work in the inbox? Administrators see it in any case.',
    choices: agents.map(({ email, name, role }) => ({ value: email, label: name, hint: role })),
    initial: initial.map(({ email }) => email),
  })
  return chosen.length === 0 ? 'none' : chosen.join(',')
}
