import type { Agent } from '../../chatwoot/shapes/agent.ts'

/** What has to be done so that those who were asked for see the inbox. */
export type MemberPlan = {
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
