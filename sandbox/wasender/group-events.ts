import { pnJid } from './addresses.ts'
import { type Group, groupMetadata, isMember } from './group-registry.ts'
import type { World } from './state.ts'

/** What happens to groups, told to every session that is in them (docs/platforms/wasender.md#events). */
export type GroupEvents = {
  joined(group: Group): Promise<void>
  changed(group: Group, changes: Record<string, unknown>): Promise<void>
  /** `phones` are digits. */
  members(group: Group, action: MemberAction, phones: string[]): Promise<void>
}
export type MemberAction = 'add' | 'remove' | 'promote' | 'demote'

export function createGroupEvents({ sessions, webhooks }: Pick<World, 'sessions' | 'webhooks'>) {
  async function tell(group: Group, event: string, data: unknown): Promise<void> {
    const inside = sessions.all().filter((session) => isMember(group, session))
    const hook = { event, data: () => data, lane: group.jid }
    const told = inside
      .filter((session) => !session.ignoreGroups)
      .map((session) => webhooks.send(session, hook))
    await Promise.all(told)
  }

  const events: GroupEvents = {
    joined: (group) => tell(group, 'groups.upsert', [groupMetadata(group)]),
    changed: (group, changes) => tell(group, 'groups.update', [{ jid: group.jid, ...changes }]),
    members: (group, action, phones) =>
      tell(group, 'group-participants.update', {
        jid: group.jid,
        participants: phones.map(pnJid),
        action,
      }),
  }
  return events
}
