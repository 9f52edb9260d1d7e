import { z } from 'zod'
import type { Jid } from '../ids.ts'
import { flag, integer, jid, maybe, millis, text } from './api/fields.ts'

export type GroupRole = 'member' | 'admin' | 'superadmin'

export type Participant = { jid: Jid; role: GroupRole }

/** A group with its members (docs/platforms/wasender.md#groups). */
export type Group = {
  jid: Jid
  subject: string | undefined
  description: string | undefined
  owner: Jid | undefined
  /** Milliseconds since 1970. */
  createdAt: number | undefined
  participants: Participant[]
}

export type GroupRow = { jid: Jid; name: string | undefined; imgUrl: string | undefined }

/** What became of one participant of a change; `status` is like an HTTP status. */
export type ParticipantChange = {
  jid: Jid | undefined
  status: number | undefined
  message: string | undefined
}

/** Rows name themselves `jid` on some routes and `id` on others. */
const named = z.looseObject({ jid: maybe(jid), id: maybe(jid) })

function nameOf(raw: z.output<typeof named>, context: z.RefinementCtx): Jid {
  const name = raw.jid ?? raw.id
  if (name !== undefined) return name
  context.addIssue('neither jid nor id')
  return z.NEVER
}

/** `admin` as a word on some routes, two flags on others. */
const participant = named
  .extend({ admin: maybe(text), isAdmin: maybe(flag), isSuperAdmin: maybe(flag) })
  .transform((raw, context): Participant => {
    const isSuper = raw.isSuperAdmin === true || raw.admin === 'superadmin'
    const isAdmin = raw.isAdmin === true || raw.admin === 'admin'
    return {
      jid: nameOf(raw, context),
      role: isSuper ? 'superadmin' : isAdmin ? 'admin' : 'member',
    }
  })

export const participants = z
  .array(participant.optional().catch(undefined))
  .transform((all) => all.filter((one) => one !== undefined))

export const group = named
  .extend({
    subject: maybe(text),
    name: maybe(text),
    desc: maybe(text),
    owner: maybe(jid),
    creation: maybe(millis),
    participants: maybe(participants),
  })
  .transform(
    (raw, context): Group => ({
      jid: nameOf(raw, context),
      subject: raw.subject ?? raw.name,
      description: raw.desc,
      owner: raw.owner,
      createdAt: raw.creation,
      participants: raw.participants ?? [],
    }),
  )

export const groupRow = named
  .extend({ name: maybe(text), subject: maybe(text), imgUrl: maybe(text) })
  .transform(
    (raw, context): GroupRow => ({
      jid: nameOf(raw, context),
      name: raw.name ?? raw.subject,
      imgUrl: raw.imgUrl,
    }),
  )

export const participantChanges = z.array(
  z
    .looseObject({ jid: maybe(jid), status: maybe(integer), message: maybe(text) })
    .transform(({ jid: changed, status, message }): ParticipantChange => {
      return { jid: changed, status, message }
    }),
)
