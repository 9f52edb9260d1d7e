import { z } from 'zod'
import type { Address } from '../jid.ts'
import { readAddress } from './addresses.ts'
import type { GroupsEvent, ParticipantsAction } from './chat-types.ts'
import { anything, asList, compact, entriesOf, flag, label, millis } from './fields.ts'
import { readMembers } from './members.ts'
import { type ReadEvent, unknownEvent, type WasenderEvent } from './types.ts'

const idFields = { jid: anything, id: anything }

const groupSchema = z.object({
  ...idFields,
  subject: label,
  desc: label,
  owner: anything,
  author: anything,
  announce: flag,
  restrict: flag,
  creation: millis,
  participants: z.array(z.unknown()).optional().catch(undefined),
})

const changeSchema = z.object({
  ...idFields,
  action: z.string(),
  participants: anything,
  author: anything,
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
      return {
        type: 'groups',
        action,
        group,
        ...compact({
          subject,
          description: desc,
          announce,
          restrict,
          createdAt: creation,
          owner: readAddress(parsed.data.owner),
          author: readAddress(parsed.data.author),
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
      ...compact({ author: readAddress(parsed.data.author) }),
    }
  })

function groupOf(entry: { jid?: unknown; id?: unknown }): Address | undefined {
  return [entry.jid, entry.id].map(readAddress).find((address) => address?.kind === 'group')
}
