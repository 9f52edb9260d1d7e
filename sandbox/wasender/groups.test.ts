import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GroupActor } from './group-actor.ts'
import { startTestStandIn, type TestStandIn } from './test-stand-in.ts'

const MARIA = '15550001111'
const JOHN = '15550003333'
let standIn: TestStandIn
let group: GroupActor

beforeEach(async () => {
  standIn = await startTestStandIn()
  standIn.person({ phone: MARIA, lid: '189975000000001', name: 'Maria Example' })
  standIn.person({ phone: JOHN, lid: null, name: 'John Example' })
  group = standIn.group({
    jid: '120363000000000001@g.us',
    subject: 'Example group',
    participants: [MARIA],
  })
})
afterEach(() => standIn.close())

const path = (rest: string) => `/groups/${encodeURIComponent(group.jid)}${rest}`
const get = async (rest: string) => (await standIn.request('GET', path(rest))).body
const events = (name: string) => standIn.receiver.bodies(name).map(({ data }) => data)

describe('messages in a group', () => {
  it('name their author', async () => {
    const maria = standIn.person({ phone: MARIA })
    await maria.inGroup(group.jid).sendText('Hey everyone').delivered
    expect(standIn.receiver.events().toSorted()).toEqual([
      'messages-group.received',
      'messages.received',
      'messages.upsert',
    ])
    expect(events('messages-group.received')[0]).toMatchObject({
      messages: {
        key: {
          fromMe: false,
          remoteJid: group.jid,
          participant: '189975000000001@lid',
          participantPn: `${MARIA}@s.whatsapp.net`,
          cleanedParticipantPn: MARIA,
          participantLid: '189975000000001@lid',
          addressingMode: 'lid',
        },
        messageBody: 'Hey everyone',
      },
    })
  })

  it('reach every member, each with a receipt of their own', async () => {
    await group.change('add', [JOHN])
    await standIn.request('POST', '/send-message', { to: group.jid, text: 'Hello all' })
    await standIn.waitFor(() => events('message-receipt.update').length === 2)
    expect([MARIA, JOHN].map((phone) => standIn.inbox(phone)[0]?.text)).toEqual([
      'Hello all',
      'Hello all',
    ])
    expect(events('messages.update')).toMatchObject([{ update: { status: 2 } }])
    expect(events('message-receipt.update')[1]).toMatchObject({
      message: {
        key: { remoteJid: group.jid, fromMe: true },
        receipt: { userJid: `${JOHN}@s.whatsapp.net` },
      },
    })
  })

  it('are not told when the session ignores groups', async () => {
    standIn.session().ignoreGroups = true
    await standIn.person({ phone: MARIA }).inGroup(group.jid).sendText('Hey').delivered
    expect(standIn.receiver.received).toEqual([])
  })

  it('cannot be sent to a group we are not in', async () => {
    await standIn.request('POST', path('/leave'))
    const { body } = await standIn.request('POST', '/send-message', { to: group.jid, text: 'x' })
    const { msgId } = body.data as { msgId: number }
    await standIn.waitFor(() => standIn.outgoing(msgId)?.status === 'failed')
    expect(standIn.inbox(MARIA)).toEqual([])
  })

  it('come from channels without an author', async () => {
    const maria = standIn.person({ phone: MARIA })
    await maria.inChat('120363000000000099@newsletter').sendText('New post').delivered
    expect(events('messages-newsletter.received')[0]).toHaveProperty('messages.key', {
      id: expect.any(String),
      fromMe: false,
      remoteJid: '120363000000000099@newsletter',
    })
  })
})

describe('group routes', () => {
  it('show the group', async () => {
    expect((await standIn.request('GET', '/groups')).body.data).toEqual([
      { jid: group.jid, name: 'Example group', imgUrl: null },
    ])
    expect((await get('/metadata')).data).toMatchObject({
      jid: group.jid,
      subject: 'Example group',
      owner: '15550002222@s.whatsapp.net',
      participants: [
        { jid: '15550002222@s.whatsapp.net', isAdmin: true, isSuperAdmin: true },
        { jid: `${MARIA}@s.whatsapp.net`, isAdmin: false, isSuperAdmin: false },
      ],
    })
    expect((await get('/participants')).data).toEqual([
      { id: '15550002222@s.whatsapp.net', admin: 'superadmin' },
      { id: '189975000000001@lid', admin: null },
    ])
    expect((await get('/picture')).data).toEqual({ imgUrl: null })
    expect((await standIn.request('GET', '/groups/1203@g.us/metadata')).status).toBe(404)
  })

  it('change members and tell', async () => {
    const change = (verb: string, action: string, json: object) =>
      standIn.request(verb, path(`/participants/${action}`), json)
    standIn.notOnWhatsapp.add('15550009999')
    const added = await change('POST', 'add', { participants: [JOHN, '15550009999'] })
    expect(added.body.data).toMatchObject([{ status: 200 }, { status: 404 }])
    const role = { action: 'promote', participants: [`${JOHN}@s.whatsapp.net`] }
    await change('PUT', 'update', role)
    expect(group.group.members.get(JOHN)).toBe('admin')
    await change('POST', 'remove', { participants: [JOHN] })
    await standIn.waitFor(() => events('group-participants.update').length === 3)
    expect(events('group-participants.update')).toMatchObject(
      ['add', 'promote', 'remove'].map((action) => ({
        jid: group.jid,
        action,
        participants: [`${JOHN}@s.whatsapp.net`],
      })),
    )
    expect((await change('PUT', 'update', { participants: [] })).status).toBe(422)
  })

  it('change settings and tell', async () => {
    const answer = await standIn.request('PUT', path('/settings'), {
      subject: 'Renamed',
      description: 'About us',
      announce: true,
    })
    expect(answer.body.data).toEqual({ subject: 'Renamed', description: 'About us' })
    await standIn.waitFor(() => events('groups.update').length === 1)
    expect(events('groups.update')[0]).toEqual([
      { jid: group.jid, subject: 'Renamed', desc: 'About us', announce: true },
    ])
  })

  it('make, leave and join', async () => {
    const made = await standIn.request('POST', '/groups', { name: 'New', participants: [JOHN] })
    expect(made.body.data).toMatchObject({ subject: 'New', owner: '15550002222@s.whatsapp.net' })
    await standIn.waitFor(() => events('groups.upsert').length === 1)

    const { inviteLink } = await get('/invite-link')
    const code = String(inviteLink).split('/').at(-1)
    await standIn.request('POST', path('/leave'))
    expect((await standIn.request('GET', path('/metadata'))).status).toBe(404)
    const invite = await standIn.request('GET', `/groups/invite/${code}`)
    expect(invite.body.data).toMatchObject({ id: group.jid, size: 1 })
    const joined = await standIn.request('POST', '/groups/invite/accept', { code })
    expect(joined.body.data).toEqual({ id: group.jid })
    expect((await standIn.request('GET', path('/metadata'))).status).toBe(200)
  })
})

it('tells what members do to the group', async () => {
  await group.announce()
  await group.rename('Other')
  await group.change('remove', [MARIA])
  expect(standIn.receiver.events()).toEqual([
    'groups.upsert',
    'groups.update',
    'group-participants.update',
  ])
})
