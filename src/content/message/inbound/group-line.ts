import { compact } from '../../../platforms/wasender/events/fields.ts'
import type {
  GroupsEvent,
  ParticipantsAction,
  ParticipantsEvent,
} from '../../../platforms/wasender/events/types.ts'
import { type Address, aliasOf } from '../../../platforms/wasender/jid.ts'
import type { Content, SystemWhat } from '../canonical.ts'
import { GROUP_SETTINGS, memberJid, settingName } from './stub.ts'

type SystemLine = Extract<Content, { kind: 'system' }>

const ACTIONS: Readonly<Record<ParticipantsAction, SystemWhat>> = {
  add: 'group-add',
  remove: 'group-remove',
  promote: 'group-promote',
  demote: 'group-demote',
  // What Baileys says when a member changes the phone number.
  modify: 'number-changed',
  request: 'group-request',
  'request-withdrawn': 'group-request-withdrawn',
  'request-refused': 'group-request-refused',
}

/** Who joined, left or changed rank; `undefined` when nobody can be told. */
export function participantsLine(event: ParticipantsEvent): SystemLine | undefined {
  const { action, members, author } = event
  if (members.length === 0) return undefined
  const isOwnDoing =
    author !== undefined && members.length === 1 && members.some((member) => isSame(member, author))
  const what = action === 'remove' && isOwnDoing ? 'group-leave' : ACTIONS[action]
  return { kind: 'system', what, names: members.map(memberJid) }
}

/**
 * What of a group was changed. `undefined` for a description of the whole group, which comes in bursts after a
 * reconnect and says nothing about what is new (docs/platforms/wasender.md#chats-contacts-and-groups).
 */
export function groupLine(event: GroupsEvent): SystemLine | undefined {
  const { action, subject, description, members, createdAt, owner } = event
  const isWhole = [members, createdAt, owner].some((field) => field !== undefined)
  if (action !== 'update' || isWhole) return undefined
  if (subject !== undefined) {
    return {
      kind: 'system',
      what: 'group-subject',
      names: [subject],
      ...compact({ text: description }),
    }
  }
  if (description !== undefined) {
    return { kind: 'system', what: 'group-description', names: [], text: description }
  }
  const names = GROUP_SETTINGS.flatMap((setting) => {
    const value = event[setting]
    return value === undefined ? [] : [settingName(setting, value)]
  })
  return names.length === 0 ? undefined : { kind: 'system', what: 'group-settings', names }
}

function isSame(member: { address: Address; phone?: string; lid?: string }, author: Address) {
  const names = [
    aliasOf(member.address),
    ...(member.phone === undefined ? [] : [aliasOf({ kind: 'phone', digits: member.phone })]),
    ...(member.lid === undefined ? [] : [aliasOf({ kind: 'lid', id: member.lid })]),
  ]
  return names.includes(aliasOf(author))
}
