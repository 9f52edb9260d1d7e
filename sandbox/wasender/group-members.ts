import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { pnJid } from './addresses.ts'
import type { MemberAction } from './group-events.ts'
import type { Group } from './group-registry.ts'
import { type GroupParts, memberList, withGroup } from './groups.ts'
import { type Env, invalid, ok, readFields } from './http.ts'

/** Members of a group (docs/platforms/wasender.md#groups); behind the session key and the routes of groups.ts. */
export function groupMemberRoutes(parts: GroupParts): Hono<Env> {
  const app = new Hono<Env>()
  const base = '/groups/:jid/participants'
  app.get(base, (c) => withGroup(c, parts, (group) => ok(c, memberList(group, parts.directory))))
  app.post(`${base}/add`, (c) => withGroup(c, parts, (group) => change(c, parts, group, 'add')))
  app.post(`${base}/remove`, (c) =>
    withGroup(c, parts, (group) => change(c, parts, group, 'remove')),
  )
  app.put(`${base}/update`, (c) => withGroup(c, parts, (group) => setRoles(c, parts, group)))
  return app
}

const participants = z.array(z.string(), 'The participants field is required.')
const membersRequest = z.looseObject({ participants })
const rolesRequest = z.looseObject({ participants, action: z.enum(['promote', 'demote']) })

async function change(
  c: Context<Env>,
  { directory, groupEvents }: GroupParts,
  group: Group,
  action: 'add' | 'remove',
) {
  const parsed = membersRequest.safeParse(await readFields(c))
  if (!parsed.success) return invalid(c, parsed.error)
  const results = parsed.data.participants.map((id) => {
    const phone = directory.resolve(id)?.phone
    if (phone === undefined) return { status: 404, jid: id, message: 'Not on WhatsApp' }
    apply(group, action, phone)
    return { status: 200, jid: pnJid(phone), message: 'OK', phone }
  })
  const done = results.flatMap(({ phone }) => phone ?? [])
  if (done.length > 0) void groupEvents.members(group, action, done)
  const rows = results.map(({ status, jid, message }) => ({ status, jid, message }))
  return ok(c, rows)
}

async function setRoles(c: Context<Env>, { directory, groupEvents }: GroupParts, group: Group) {
  const parsed = rolesRequest.safeParse(await readFields(c))
  if (!parsed.success) return invalid(c, parsed.error)
  const { action } = parsed.data
  const phones = parsed.data.participants.flatMap((id) => directory.find(id)?.phone ?? [])
  const members = phones.filter((phone) => group.members.has(phone))
  for (const phone of members) apply(group, action, phone)
  void groupEvents.members(group, action, members)
  return ok(c, { participants: members.map(pnJid) })
}

/** Changes the membership itself; the caller tells the webhooks. */
export function apply(group: Group, action: MemberAction, phone: string): void {
  if (action === 'remove') group.members.delete(phone)
  else group.members.set(phone, action === 'promote' ? 'admin' : null)
}
