import type { InboxId } from '../../../kernel/ids.ts'
import type { ChatwootClient } from '../../../platforms/chatwoot/client.ts'
import type { Agent } from '../../../platforms/chatwoot/shapes/agent.ts'
import type { Answers } from '../answers.ts'
import type { Progress } from '../steps.ts'

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

/** What has to be done so that those who were asked for see the inbox. */
type MemberPlan = {
  /** Numbers of those who have to be added. */
  add: number[]
  /** How many of those asked for are in the inbox already. */
  present: number
  /** How many of the addresses no agent of the account has. */
  unknown: number
}

/** Who has to be added to the inbox. Nobody is ever taken out; administrators see it without. */
export function planMembers(options: {
  /** `all`, `none`, or e-mail addresses with commas between them. */
  wanted: string
  agents: readonly Agent[]
  members: readonly Agent[]
}): MemberPlan {
  const { wanted, agents, members } = options
  const { ids, unknown } = select(wanted.trim(), agents)
  const inside = new Set(members.map(({ id }) => id))
  const add = ids.filter((id) => !inside.has(id))
  return { add, present: ids.length - add.length, unknown }
}

function select(wanted: string, agents: readonly Agent[]): { ids: number[]; unknown: number } {
  if (wanted === 'none') return { ids: [], unknown: 0 }
  // Administrators see every inbox anyway; as members they would also be assigned conversations.
  if (wanted === 'all') {
    return { ids: agents.filter(({ role }) => role === 'agent').map(({ id }) => id), unknown: 0 }
  }
  const addresses = wanted.split(',').map((address) => address.trim().toLowerCase())
  const asked = [...new Set(addresses.filter((address) => address !== ''))]
  const byAddress = new Map(agents.map((agent) => [agent.email.toLowerCase(), agent.id]))
  const ids = asked.flatMap((address) => byAddress.get(address) ?? [])
  return { ids, unknown: asked.length - ids.length }
}
