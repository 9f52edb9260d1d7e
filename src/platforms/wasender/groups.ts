import { z } from 'zod'
import type { Jid } from '../../kernel/ids.ts'
import type { Call } from '../upstream/transport.ts'
import { type Api, acknowledged, path } from './api/api.ts'
import { type Page, type PageQuery, pageOf } from './api/envelope.ts'
import { flag, integer, jid, maybe, millis, text } from './api/fields.ts'

type GroupRole = 'member' | 'admin' | 'superadmin'

type Participant = { jid: Jid; role: GroupRole }

/** A group with its members (docs/platforms/wasender.md#groups). */
type Group = {
  jid: Jid
  subject: string | undefined
  description: string | undefined
  owner: Jid | undefined
  /** Milliseconds since 1970. */
  createdAt: number | undefined
  participants: Participant[]
}

type GroupRow = { jid: Jid; name: string | undefined; imgUrl: string | undefined }

/** What became of one participant of a change; `status` is like an HTTP status. */
type ParticipantChange = {
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

const participants = z
  .array(participant.optional().catch(undefined))
  .transform((all) => all.filter((one) => one !== undefined))

const group = named
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

const groupRow = named
  .extend({ name: maybe(text), subject: maybe(text), imgUrl: maybe(text) })
  .transform(
    (raw, context): GroupRow => ({
      jid: nameOf(raw, context),
      name: raw.name ?? raw.subject,
      imgUrl: raw.imgUrl,
    }),
  )

const participantChanges = z.array(
  z
    .looseObject({ jid: maybe(jid), status: maybe(integer), message: maybe(text) })
    .transform(({ jid: changed, status, message }): ParticipantChange => {
      return { jid: changed, status, message }
    }),
)

/** Any of them may be changed alone. */
type GroupSettings = {
  subject?: string
  description?: string
  announce?: boolean
  restrict?: boolean
  joinApproval?: boolean
  memberAdd?: boolean
  profilePicUrl?: string
}

const groupPage = pageOf(groupRow)
const picture = z.looseObject({ imgUrl: maybe(text) }).transform((found) => found.imgUrl)
const inviteLink = z.looseObject({ inviteLink: text }).transform((found) => found.inviteLink)
const joined = z.looseObject({ id: maybe(jid) }).transform((found) => found.id)

const get = (operation: string, route: string): Call => ({
  operation,
  method: 'get',
  path: route,
  effect: 'repeatable',
})

/** A change that may be made twice: who is in stays in, who is out stays out. */
const change = (
  operation: string,
  method: 'post' | 'put',
  route: string,
  json?: Call['json'],
): Call => ({ operation, method, path: route, json, effect: 'repeatable' })

export type Groups = ReturnType<typeof createGroups>

/**
 * Groups, by the session API key (docs/platforms/wasender.md#groups). Metadata and participants are limited to ten
 * calls a minute, so keep what they return. Messages to groups go through `messages.send`.
 */
export function createGroups({ api }: { api: Api }) {
  return {
    list: ({ page = 1, perPage = 100 }: PageQuery = {}): Promise<Page<GroupRow>> =>
      api(
        { ...get('list-groups', 'groups'), search: { paginated: true, page, limit: perPage } },
        groupPage,
      ),

    /** Not repeatable: a second one would be a second group. */
    create: (name: string, members: string[]): Promise<Group> =>
      api(
        {
          ...change('create-group', 'post', 'groups', { name, participants: members }),
          effect: 'once',
        },
        group,
      ),

    metadata: (id: string): Promise<Group> =>
      api(get('group-metadata', path`groups/${id}/metadata`), group),

    participants: (id: string): Promise<Participant[]> =>
      api(get('group-participants', path`groups/${id}/participants`), participants),

    addParticipants: (id: string, members: string[]): Promise<ParticipantChange[]> =>
      api(
        change('add-participants', 'post', path`groups/${id}/participants/add`, {
          participants: members,
        }),
        participantChanges,
      ),

    removeParticipants: (id: string, members: string[]): Promise<ParticipantChange[]> =>
      api(
        change('remove-participants', 'post', path`groups/${id}/participants/remove`, {
          participants: members,
        }),
        participantChanges,
      ),

    updateParticipants: (
      id: string,
      action: 'promote' | 'demote',
      members: string[],
    ): Promise<void> =>
      api(
        change('update-participants', 'put', path`groups/${id}/participants/update`, {
          action,
          participants: members,
        }),
        acknowledged,
      ),

    updateSettings: (id: string, settings: GroupSettings): Promise<void> =>
      api(change('group-settings', 'put', path`groups/${id}/settings`, settings), acknowledged),

    /** `undefined` when there is none. The URL expires. */
    picture: (id: string): Promise<string | undefined> =>
      api(get('group-picture', path`groups/${id}/picture`), picture),

    inviteLink: (id: string): Promise<string> =>
      api(get('group-invite-link', path`groups/${id}/invite-link`), inviteLink),

    /** The group behind an invitation, without joining it. */
    inviteInfo: (code: string): Promise<Group> =>
      api(get('group-invite', path`groups/invite/${code}`), group),

    /** Joins; the group's JID when the gateway tells it. */
    acceptInvite: (code: string): Promise<Jid | undefined> =>
      api(change('accept-invite', 'post', 'groups/invite/accept', { code }), joined),

    leave: (id: string): Promise<void> =>
      api(change('leave-group', 'post', path`groups/${id}/leave`), acknowledged),
  }
}
