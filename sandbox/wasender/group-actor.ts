import { digitsOf } from './addresses.ts'
import type { GroupEvents, MemberAction } from './group-events.ts'
import { apply } from './group-members.ts'
import type { Group, GroupOptions } from './group-registry.ts'
import type { Session } from './session.ts'
import type { World } from './state.ts'

/** A group that its members change on their phones. */
export type GroupActor = {
  jid: string
  group: Group
  /** Tells the session that it is in the group. */
  announce(): Promise<void>
  rename(subject: string): Promise<void>
  describe(desc: string): Promise<void>
  change(action: MemberAction, phones: string[]): Promise<void>
}

type Parts = Pick<World, 'groups' | 'directory'> & { groupEvents: GroupEvents }

/** Makes a group that `session` is in, silently; members nobody knows yet are registered. */
export function createGroupActor(
  { groups, directory, groupEvents }: Parts,
  session: Session,
  options: GroupOptions,
): GroupActor {
  const register = (phone: string) => directory.resolve(phone)?.phone ?? digitsOf(phone)
  const participants = options.participants.map(register)
  const group = groups.add(session, { ...options, participants })
  return {
    jid: group.jid,
    group,
    announce: () => groupEvents.joined(group),
    rename: (subject) => {
      group.subject = subject
      return groupEvents.changed(group, { subject })
    },
    describe: (desc) => {
      group.desc = desc
      return groupEvents.changed(group, { desc })
    },
    change: (action, phones) => {
      const digits = phones.map(register)
      for (const phone of digits) apply(group, action, phone)
      return groupEvents.members(group, action, digits)
    },
  }
}
