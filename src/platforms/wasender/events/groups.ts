import { z } from 'zod'
import type { Address } from '../jid.ts'
import { anything, asList, compact, entriesOf, flag, isObject, label, millis } from './fields.ts'
import { readAddress, readAddresses } from './key.ts'
import {
  type GroupsEvent,
  type Member,
  type ParticipantsAction,
  type ReadEvent,
  unknownEvent,
  type WasenderEvent,
} from './types.ts'

const idFields = { jid: anything, id: anything }
const authorFields = { author: anything, authorPn: anything }

const groupSchema = z.object({
  ...idFields,
  subject: label,
  desc: label,
  ...authorFields,
  owner: anything,
  announce: flag,
  restrict: flag,
  memberAddMode: flag,
  joinApprovalMode: flag,
  creation: millis,
  participants: z.array(z.unknown()).optional().catch(undefined),
})

const changeSchema = z.object({
  ...idFields,
  action: z.string(),
  ...authorFields,
  participants: anything,
})

/** `groups.upsert` and `groups.update` (docs/platforms/wasender.md#events). */
export const readGroups =
  (action: GroupsEvent['action']): ReadEvent =>
  (data, event) =>
    entriesOf(data, 'groups').map((entry): WasenderEvent => {
      const parsed = groupSchema.safeParse(entry)
      const group = parsed.success ? groupOf(parsed.data) : undefined
      if (!parsed.success || group === undefined) {
        return unknownEvent(event, 'group without an address')
      }
      const { subject, desc, announce, restrict, creation, participants } = parsed.data
      const { memberAddMode, joinApprovalMode } = parsed.data
      return {
        type: 'groups',
        action,
        group,
        ...compact({
          subject,
          description: desc,
          announce,
          restrict,
          memberAdd: memberAddMode,
          joinApproval: joinApprovalMode,
          createdAt: creation,
          owner: readAddress(parsed.data.owner),
          author: authorOf(parsed.data),
          members: participants === undefined ? undefined : readMembers(participants),
        }),
      }
    })

const ACTIONS: ReadonlyMap<string, ParticipantsAction> = new Map([
  ['add', 'add'],
  ['remove', 'remove'],
  ['leave', 'remove'],
  ['promote', 'promote'],
  ['demote', 'demote'],
  ['modify', 'modify'],
])

/** `group-participants.update`: who joined, left or changed rank. */
export const readParticipants: ReadEvent = (data, event) =>
  entriesOf(data).map((entry): WasenderEvent => {
    const parsed = changeSchema.safeParse(entry)
    const group = parsed.success ? groupOf(parsed.data) : undefined
    const action = ACTIONS.get(parsed.data?.action.trim().toLowerCase() ?? '')
    if (!parsed.success || group === undefined || action === undefined) {
      return unknownEvent(event, 'group change without a group or a known action')
    }
    return {
      type: 'participants',
      group,
      action,
      members: readMembers(asList(parsed.data.participants)),
      ...compact({ author: authorOf(parsed.data) }),
    }
  })

const requestSchema = z.object({
  ...idFields,
  ...authorFields,
  action: z.string(),
  participant: anything,
  participantPn: anything,
  participantLid: anything,
})

type RequestAction = Extract<ParticipantsAction, `request${string}`>

const REQUESTS: ReadonlyMap<string, RequestAction> = new Map<string, RequestAction>([
  ['created', 'request'],
  ['revoked', 'request-withdrawn'],
  ['rejected', 'request-refused'],
])

/** What became of somebody's wish to join a group, by the word that WhatsApp's libraries have for it. */
export function requestAction(word: string | undefined): RequestAction | undefined {
  return REQUESTS.get(word?.trim().toLowerCase() ?? '')
}

/** `group.join-request`, as Baileys tells it (docs/platforms/wasender.md#chats-contacts-and-groups). */
export const readJoinRequest: ReadEvent = (data, event) =>
  entriesOf(data).map((entry): WasenderEvent => {
    const parsed = requestSchema.safeParse(entry)
    const group = parsed.success ? groupOf(parsed.data) : undefined
    const action = requestAction(parsed.data?.action)
    if (!parsed.success || group === undefined || action === undefined) {
      return unknownEvent(event, 'request to join without a group or a known action')
    }
    const { participant, participantPn, participantLid } = parsed.data
    const member =
      typeof participant === 'string'
        ? { id: participant, participantPn, participantLid }
        : participant
    return {
      type: 'participants',
      group,
      action,
      members: readMembers([member]),
      ...compact({ author: authorOf(parsed.data) }),
    }
  })

function groupOf(entry: { jid?: unknown; id?: unknown }): Address | undefined {
  return [entry.jid, entry.id].map(readAddress).find((address) => address?.kind === 'group')
}

/** By number where that is told, too: names are kept by it. */
function authorOf({ author, authorPn }: { author?: unknown; authorPn?: unknown }) {
  return readAddress(authorPn) ?? readAddress(author)
}

const roleSchema = z.object({ admin: anything, isAdmin: flag, isSuperAdmin: flag })

/** Members of a group, each a JID or an object; those without an address are left out. */
function readMembers(list: readonly unknown[]): Member[] {
  return list.flatMap((entry) => {
    const addresses = readAddresses(entry)
    return addresses === undefined ? [] : { ...addresses, ...readRole(entry) }
  })
}

/** Docs say `isAdmin` and `isSuperAdmin`, Baileys `admin: "admin" | "superadmin" | null`. */
function readRole(entry: unknown): { admin?: boolean } {
  const { admin, isAdmin, isSuperAdmin } = roleSchema.parse(isObject(entry) ? entry : {})
  if (isAdmin !== undefined || isSuperAdmin !== undefined) {
    return { admin: isAdmin === true || isSuperAdmin === true }
  }
  return admin === undefined ? {} : { admin: admin === 'admin' || admin === 'superadmin' }
}
