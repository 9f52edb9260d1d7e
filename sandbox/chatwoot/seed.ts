import { createInbox } from './inboxes.ts'
import type { World } from './state.ts'
import type { Account, AgentBot, Inbox, Role, User } from './types.ts'

/** An inbox to begin with. */
export type InboxOptions = {
  name: string
  /** The callback; set it later with `updateInbox` when the receiver starts after the stand-in. */
  webhookUrl?: string
  lockToSingleConversation?: boolean
  secret?: string
  /** The account of the stand-in when absent; an unknown one is made. */
  accountId?: number
}

/** A user to begin with, in every account. */
export type UserOptions = { name: string; email?: string; role?: Role; availableName?: string }

/** The account with this id, made when missing. Administrators join every account. */
export function ensureAccount(world: World, id: number, name = `Account ${id}`): Account {
  const existing = world.accounts.get(id)
  if (existing !== undefined) return existing
  const account = { id, name, locale: 'en' }
  world.accounts.set(id, account)
  for (const user of world.users.values())
    if (Object.values(user.roles).includes('administrator')) user.roles[id] = 'administrator'
  return account
}

/** A user with a role in one account, and in every inbox of it. */
export function addUser(world: World, accountId: number, options: UserOptions): User {
  const { name, role = 'agent' } = options
  const user: User = {
    id: world.nextId('user'),
    name,
    availableName: options.availableName ?? name,
    email: options.email ?? `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')}@example.com`,
    token: world.random.token(),
    pubsubToken: world.random.token(),
    roles: { [accountId]: role },
  }
  world.users.set(user.id, user)
  for (const inbox of world.inboxes.values())
    if (inbox.accountId === accountId) inbox.memberIds.push(user.id)
  return user
}

/** An inbox whose members are all agents of its account. */
export function addInbox(world: World, accountId: number, options: InboxOptions): Inbox {
  const account = ensureAccount(world, options.accountId ?? accountId)
  const inbox = createInbox(world, account.id, {
    name: options.name,
    webhookUrl: options.webhookUrl ?? null,
    settings: { lock_to_single_conversation: options.lockToSingleConversation ?? false },
    ...(options.secret === undefined ? {} : { secret: options.secret }),
  })
  const members = [...world.users.values()].filter(({ roles }) => roles[account.id] === 'agent')
  inbox.memberIds = members.map(({ id }) => id)
  return inbox
}

/** A bot without address, attached to nothing. */
export function addBot(world: World, accountId: number, name: string): AgentBot {
  const bot: AgentBot = {
    id: world.nextId('bot'),
    accountId,
    name,
    description: null,
    outgoingUrl: '',
    token: world.random.token(),
    secret: world.random.token(),
  }
  world.bots.set(bot.id, bot)
  return bot
}
