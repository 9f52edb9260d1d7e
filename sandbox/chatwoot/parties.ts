import type { Actor, PartyRef } from './types.ts'

/** An actor as the author of something. */
export function partyOf(actor: Actor): PartyRef {
  if (actor.type === 'User') return { type: 'User', id: actor.user.id }
  if (actor.type === 'AgentBot') return { type: 'AgentBot', id: actor.bot.id }
  return { type: 'Contact', id: actor.contact.id }
}

/** The name that activity lines show. */
export function nameOf(actor: Actor): string {
  if (actor.type === 'User') return actor.user.name
  return actor.type === 'AgentBot' ? actor.bot.name : actor.contact.name
}
