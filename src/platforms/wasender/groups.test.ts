import { describe, expect, it } from 'vitest'
import { OutcomeUnknownError } from '../../kernel/errors.ts'
import { useNock } from '../upstream/testing/use-nock.ts'
import { failure, gateway, testClient } from './fixtures.ts'

useNock()

const { groups } = testClient()
const id = '120363000000000001@g.us'
const route = `/groups/${encodeURIComponent(id)}`
const maria = '15550001111@s.whatsapp.net'
const metadata = {
  jid: id,
  subject: 'Example group',
  creation: 1_633_456_890,
  owner: maria,
  desc: 'Group description',
  participants: [{ jid: maria, isAdmin: true, isSuperAdmin: true }],
}
const group = {
  jid: id,
  subject: 'Example group',
  createdAt: 1_633_456_890_000,
  owner: maria,
  description: 'Group description',
  participants: [{ jid: maria, role: 'superadmin' }],
}

describe('groups', () => {
  it.each([
    ['paged', { items: [{ jid: id, name: 'A', imgUrl: null }], pagination: { page: 1 } }],
    ['as a bare list', [{ id, subject: 'A' }, { name: 'without id' }]],
  ])('are listed %s', async (_, data) => {
    gateway()
      .get('/groups')
      .query({ paginated: true, page: 1, limit: 100 })
      .reply(200, { success: true, data })
    expect((await groups.list()).items).toEqual([{ jid: id, name: 'A' }])
  })

  it.each([
    ['as documented', metadata],
    ['with id and text for numbers', { ...metadata, jid: undefined, id, creation: '1633456890' }],
    [
      'with the admin as a word and an odd row',
      { ...metadata, participants: [{ id: maria, admin: 'superadmin' }, 'odd'] },
    ],
  ])('have metadata %s', async (_, data) => {
    gateway().get(`${route}/metadata`).reply(200, { success: true, data })
    expect(await groups.metadata(id)).toEqual(group)
  })

  it('have participants of three ranks', async () => {
    gateway()
      .get(`${route}/participants`)
      .reply(200, {
        success: true,
        data: [
          { id: '1@lid', admin: null },
          { id: '2@lid' },
          { id: '3@lid', admin: 'admin' },
          { jid: '4@lid', isAdmin: true, isSuperAdmin: false },
          { jid: '5@lid', isSuperAdmin: true },
        ],
      })
    const ranks = (await groups.participants(id)).map((one) => one.role)
    expect(ranks).toEqual(['member', 'member', 'admin', 'admin', 'superadmin'])
  })

  it('are made, and not twice', async () => {
    const made = {
      id,
      owner: maria,
      subject: 'A',
      creation: 1,
      participants: [{ id: maria, admin: null }],
    }
    gateway()
      .post('/groups', { name: 'A', participants: [maria] })
      .reply(200, { success: true, data: made })
    expect(await groups.create('A', [maria])).toMatchObject({ jid: id, subject: 'A' })
    gateway().post('/groups').reply(504, '')
    expect(await failure(groups.create('A', []))).toBeInstanceOf(OutcomeUnknownError)
  })

  it.each([
    ['add', () => groups.addParticipants(id, [maria])],
    ['remove', () => groups.removeParticipants(id, [maria])],
  ])('%s participants one by one', async (action, change) => {
    gateway()
      .post(`${route}/participants/${action}`, { participants: [maria] })
      .reply(200, {
        success: true,
        data: [{ status: '403', jid: maria, message: 'Private' }, { status: 200 }],
      })
    expect(await change()).toEqual([
      { status: 403, jid: maria, message: 'Private' },
      { status: 200 },
    ])
  })

  it('promote, are set up and left', async () => {
    gateway()
      .put(`${route}/participants/update`, { action: 'promote', participants: [maria] })
      .reply(200, { success: true, data: { participants: [maria] } })
    await groups.updateParticipants(id, 'promote', [maria])
    gateway()
      .put(`${route}/settings`, { subject: 'B', announce: true })
      .reply(200, { success: true, data: { subject: 'B' } })
    await groups.updateSettings(id, { subject: 'B', announce: true })
    gateway().post(`${route}/leave`).reply(200, { success: true, data: {} })
    await groups.leave(id)
  })

  it('have a picture, an invitation and those who accept it', async () => {
    gateway()
      .get(`${route}/picture`)
      .reply(200, { success: true, data: { imgUrl: null } })
    expect(await groups.picture(id)).toBeUndefined()
    gateway()
      .get(`${route}/invite-link`)
      .reply(200, { success: true, inviteLink: 'https://chat.whatsapp.com/A' })
    expect(await groups.inviteLink(id)).toBe('https://chat.whatsapp.com/A')
    gateway()
      .get(`${route}/invite-link`)
      .reply(200, { success: true, data: { inviteLink: 'https://b' } })
    expect(await groups.inviteLink(id)).toBe('https://b')
    gateway()
      .get('/groups/invite/CODE')
      .reply(200, { success: true, data: { ...metadata, jid: undefined, id, size: 1 } })
    expect(await groups.inviteInfo('CODE')).toEqual(group)
    gateway()
      .post('/groups/invite/accept', { code: 'CODE' })
      .reply(200, { success: true, data: { id } })
    expect(await groups.acceptInvite('CODE')).toBe(id)
  })
})
