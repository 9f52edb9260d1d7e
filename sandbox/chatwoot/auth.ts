import type { ApiRequest, Route } from './api.ts'
import { ApiError, forbiddenRole, notFound, unauthorized } from './errors.ts'
import { conversationOf, related } from './lookups.ts'
import type { World } from './state.ts'
import type { Account, Actor, AgentBot, Conversation, Inbox, User } from './types.ts'

/**
 * Whose token it is. The two 401 tell a dropped header from a wrong token (docs/platforms/chatwoot.md#token-header).
 */
export function tokenOwner(world: World, headers: Headers): User | AgentBot {
  const token = headers.get('api-access-token') ?? headers.get('api_access_token')
  if (!token)
    throw new ApiError(401, { errors: ['You need to sign in or sign up before continuing.'] })
  const owners = [...world.users.values(), ...world.bots.values()]
  const owner = owners.find((candidate) => candidate.token === token)
  if (owner === undefined) throw unauthorized('Invalid Access Token')
  return owner
}

export const isUser = (owner: User | AgentBot): owner is User => 'roles' in owner

/** The owner as a member of the account that the path names. */
export function memberOf(world: World, owner: User | AgentBot, account: Account): Actor {
  if (isUser(owner)) {
    const role = owner.roles[account.id]
    if (role === undefined) throw unauthorized('You are not authorized to access this account')
    return { type: 'User', user: owner, role }
  }
  const attached = [...world.inboxes.values()].some(
    (inbox) => inbox.accountId === account.id && inbox.agentBotId === owner.id,
  )
  if (owner.accountId !== account.id && !attached)
    throw unauthorized('Bot is not authorized to access this account')
  return { type: 'AgentBot', bot: owner }
}

export function accountOf(world: World, id: string | undefined): Account {
  const account = world.accounts.get(Number(id))
  if (account === undefined) throw notFound()
  return account
}

/** Roles and the short list of what bots may call (docs/platforms/chatwoot.md#tokens-and-roles). */
export function checkAccess(world: World, route: Route, actor: Actor): void {
  if (actor.type === 'AgentBot') {
    const allowed = route.bot === true || (route.bot !== undefined && world.has(route.bot))
    if (!allowed) throw unauthorized('Access to this endpoint is not authorized for bots')
    return
  }
  if (route.administrator && !isAdministrator(actor)) throw forbiddenRole()
}

export const isAdministrator = (actor: Actor): boolean =>
  actor.type === 'User' && actor.role === 'administrator'

/** Agents see the inboxes they are members of; administrators and bots see all. */
export function maySee(actor: Actor, inbox: Inbox): boolean {
  if (actor.type !== 'User' || actor.role === 'administrator') return true
  return inbox.memberIds.includes(actor.user.id)
}

/** The conversation of the path; 401 when the agent is not in its inbox. */
export function visibleConversation({ world, account, actor, path }: ApiRequest): Conversation {
  const conversation = conversationOf(world, account.id, Number(path.conversation))
  if (!maySee(actor, related(world.inboxes, conversation.inboxId))) throw forbiddenRole()
  return conversation
}
