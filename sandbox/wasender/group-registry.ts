import { pnJid } from './addresses.ts'
import type { Random } from './random.ts'
import type { Session } from './session.ts'

export type Role = 'superadmin' | 'admin' | null

/** A group as the sessions of this account see it. */
export type Group = {
  readonly jid: string
  subject: string
  desc: string
  /** Digits of the owner's phone. */
  owner: string
  /** Seconds since 1970. */
  creation: number
  /** Digits of each member's phone, ours included. */
  members: Map<string, Role>
  announce: boolean
  restrict: boolean
  joinApproval: boolean
  memberAdd: boolean
  imgUrl: string | null
  inviteCode: string
}

export type GroupOptions = {
  jid?: string
  subject: string
  desc?: string
  /** Phones of the members besides the session. */
  participants: string[]
  /** Digits; the session by default. */
  owner?: string
}

export type Groups = {
  /** A group the session is in. */
  add(session: Session, options: GroupOptions): Group
  find(jid: string): Group | undefined
  findByInvite(code: string): Group | undefined
  /** Groups the session is a member of. */
  ofSession(session: Session): Group[]
}

export const ownDigits = (session: Session): string => session.phoneNumber.replace(/\D/g, '')
export const isMember = (group: Group, session: Session): boolean =>
  group.members.has(ownDigits(session))

export function createGroups(random: Random, now: () => number): Groups {
  const groups = new Map<string, Group>()

  return {
    add: (session, { jid, subject, desc = '', participants, owner = ownDigits(session) }) => {
      const members = new Map<string, Role>([[ownDigits(session), null]])
      for (const phone of participants) members.set(phone.replace(/\D/g, ''), null)
      members.set(owner, 'superadmin')
      const group: Group = {
        jid: jid ?? `120363${String(random.between(0, 1e12 - 1)).padStart(12, '0')}@g.us`,
        subject,
        desc,
        owner,
        creation: Math.floor(now() / 1000),
        members,
        announce: false,
        restrict: false,
        joinApproval: false,
        memberAdd: true,
        imgUrl: null,
        inviteCode: random.keyId('', 22),
      }
      groups.set(group.jid, group)
      return group
    },
    find: (jid) => groups.get(jid),
    findByInvite: (code) => [...groups.values()].find((group) => group.inviteCode === code),
    ofSession: (session) => [...groups.values()].filter((group) => isMember(group, session)),
  }
}

/** `data` of `groups.upsert` and of the metadata route (docs/platforms/wasender.md#groups). */
export function groupMetadata(group: Group): Record<string, unknown> {
  return {
    jid: group.jid,
    subject: group.subject,
    creation: group.creation,
    owner: pnJid(group.owner),
    desc: group.desc,
    participants: [...group.members].map(([phone, role]) => ({
      jid: pnJid(phone),
      isAdmin: role !== null,
      isSuperAdmin: role === 'superadmin',
    })),
  }
}
