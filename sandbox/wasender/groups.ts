import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { digitsOf, lidJid, pnJid } from './addresses.ts'
import { requireConnected } from './auth.ts'
import type { GroupEvents } from './group-events.ts'
import { type Group, groupMetadata, isMember, ownDigits } from './group-registry.ts'
import { type Env, invalid, ok, readFields, refuse } from './http.ts'
import { listPage } from './paginate.ts'
import type { World } from './state.ts'

export type GroupParts = Pick<World, 'groups' | 'directory' | 'random'> & {
  groupEvents: GroupEvents
}

/** Groups of the session (docs/platforms/wasender.md#groups); behind the session key. */
export function groupRoutes(parts: GroupParts): Hono<Env> {
  const { groups } = parts
  const app = new Hono<Env>()
  app.use('/groups', requireConnected)
  app.use('/groups/*', requireConnected)
  app.get('/groups', (c) => ok(c, listPage(c, groups.ofSession(c.get('session')).map(row))))
  app.post('/groups', (c) => create(c, parts))
  app.post('/groups/invite/accept', (c) => accept(c, parts))
  app.get('/groups/invite/:code', (c) => invite(c, parts))
  app.get('/groups/:jid/metadata', (c) => withGroup(c, parts, (g) => ok(c, groupMetadata(g))))
  app.get('/groups/:jid/picture', (c) => withGroup(c, parts, (g) => ok(c, { imgUrl: g.imgUrl })))
  app.get('/groups/:jid/invite-link', (c) =>
    withGroup(c, parts, (g) =>
      c.json({ success: true, inviteLink: `https://chat.whatsapp.com/${g.inviteCode}` }),
    ),
  )
  app.put('/groups/:jid/settings', (c) => withGroup(c, parts, (g) => change(c, parts, g)))
  app.post('/groups/:jid/leave', (c) => withGroup(c, parts, (g) => leave(c, parts, g)))
  return app
}

const row = ({ jid, subject, imgUrl }: Group) => ({ jid, name: subject, imgUrl })

/** Runs `work` with the group of the path if the session is in it, or answers 404. */
export async function withGroup(
  c: Context<Env>,
  { groups }: Pick<GroupParts, 'groups'>,
  work: (group: Group) => Response | Promise<Response>,
) {
  const group = groups.find(c.req.param('jid') ?? '')
  return group === undefined || !isMember(group, c.get('session'))
    ? refuse(c, 404, 'Group not found.')
    : await work(group)
}

/** Members by LID where they have one, as the participants route lists them. */
export function memberList(group: Group, directory: World['directory']) {
  return [...group.members].map(([phone, admin]) => {
    const lid = directory.find(phone)?.lid
    return { id: lid === undefined ? pnJid(phone) : lidJid(lid), admin }
  })
}

const createRequest = z.looseObject({
  name: z.string('The name field is required.'),
  participants: z.array(z.string(), 'The participants field is required.'),
})

async function create(c: Context<Env>, { groups, groupEvents, directory }: GroupParts) {
  const parsed = createRequest.safeParse(await readFields(c))
  if (!parsed.success) return invalid(c, parsed.error)
  const { name: subject, participants } = parsed.data
  const known = participants.map((id) => directory.resolve(id)?.phone ?? digitsOf(id))
  const group = groups.add(c.get('session'), { subject, participants: known })
  void groupEvents.joined(group)
  return ok(c, summary(group, directory))
}

function summary(group: Group, directory: World['directory']) {
  return {
    id: group.jid,
    owner: pnJid(group.owner),
    subject: group.subject,
    creation: group.creation,
    participants: memberList(group, directory),
  }
}

function invite(c: Context<Env>, { groups, directory }: GroupParts) {
  const group = groups.findByInvite(c.req.param('code') ?? '')
  if (group === undefined) return refuse(c, 404, 'Invite not found.')
  const { desc, members } = group
  return ok(c, { ...summary(group, directory), size: members.size, desc })
}

async function accept(c: Context<Env>, { groups, groupEvents }: GroupParts) {
  const { code } = await readFields(c)
  const group = typeof code === 'string' ? groups.findByInvite(code) : undefined
  if (group === undefined) return refuse(c, 404, 'Invite not found.')
  group.members.set(ownDigits(c.get('session')), null)
  void groupEvents.joined(group)
  return ok(c, { id: group.jid })
}

const settings = z.looseObject({
  subject: z.string().optional(),
  description: z.string().optional(),
  announce: z.boolean().optional(),
  restrict: z.boolean().optional(),
  joinApproval: z.boolean().optional(),
  memberAdd: z.boolean().optional(),
  profilePicUrl: z.url().optional(),
})

async function change(c: Context<Env>, { groupEvents }: GroupParts, group: Group) {
  const parsed = settings.safeParse(await readFields(c))
  if (!parsed.success) return invalid(c, parsed.error)
  const { description, profilePicUrl, subject, announce, restrict, ...rest } = parsed.data
  const told = Object.entries({ subject, desc: description, announce, restrict }).filter(
    ([, value]) => value !== undefined,
  )
  const { joinApproval = group.joinApproval, memberAdd = group.memberAdd } = rest
  Object.assign(group, Object.fromEntries(told), { joinApproval, memberAdd })
  group.imgUrl = profilePicUrl ?? group.imgUrl
  void groupEvents.changed(group, Object.fromEntries(told))
  return ok(c, { subject: group.subject, description: group.desc })
}

async function leave(c: Context<Env>, { groupEvents }: GroupParts, group: Group) {
  const own = ownDigits(c.get('session'))
  // Told before leaving, because afterwards the session does not hear of the group any more.
  void groupEvents.members(group, 'remove', [own])
  group.members.delete(own)
  return ok(c, {})
}
