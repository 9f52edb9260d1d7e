import { describe, expect, it } from 'vitest'
import { TransientError } from '../../kernel/errors.ts'
import { useNock } from '../upstream/testing/use-nock.ts'
import { failure, gateway, testClient } from './fixtures.ts'

useNock()

const { contacts } = testClient()
const row = {
  jid: '15550001111@s.whatsapp.net',
  name: 'Maria Example',
  notify: 'Maria',
  verifiedName: null,
  imgUrl: null,
  status: 'Busy',
}
const maria = { jid: row.jid, name: 'Maria Example', notify: 'Maria', about: 'Busy' }

describe('contacts', () => {
  it.each([
    ['paged', { items: [row], pagination: { page: 1, limit: 20, total: 1, totalPages: 1 } }],
    ['as a bare list', [row]],
    ['with bare digits', [{ ...row, jid: '15550001111' }]],
    [
      'with id for jid, and rows without either',
      [{ ...row, jid: undefined, id: row.jid }, { name: 'x' }],
    ],
  ])('are listed %s', async (_, data) => {
    gateway()
      .get('/contacts')
      .query({ paginated: true, page: 2, limit: 20 })
      .reply(200, { success: true, data })
    const page = await contacts.list({ page: 2, perPage: 20 })
    expect(page).toEqual({ items: [maria], page: 1, totalPages: 1, total: page.total })
  })

  it('are found by phone, with the phone standing in for a missing id', async () => {
    const { jid, ...rest } = row
    gateway()
      .get('/contacts/%2B15550001111')
      .reply(200, { success: true, data: { id: jid, ...rest } })
    expect(await contacts.get('+15550001111')).toEqual(maria)
    gateway().get('/contacts/15550001111').reply(200, { success: true, data: rest })
    expect(await contacts.get('15550001111')).toEqual(maria)
  })

  it.each([
    ['get', '/contacts/1', () => contacts.get('1')],
    ['picture', '/contacts/1/picture', () => contacts.picture('1')],
    ['username', '/fetch-username/1', () => contacts.username('1')],
    [
      'lidFromPhone',
      '/lid-from-pn/1555000111%40s.whatsapp.net',
      () => contacts.lidFromPhone('1555000111'),
    ],
    ['phoneFromLid', '/pn-from-lid/1%40lid', () => contacts.phoneFromLid('1@lid')],
  ])('%s of an unknown one is undefined, in trouble it fails', async (_, route, ask) => {
    for (const status of [404, 400, 422]) {
      gateway().get(route).reply(status, { success: false, error: 'LID not found or invalid.' })
      expect(await ask()).toBeUndefined()
    }
    gateway().get(route).reply(500, '')
    expect(await failure(ask())).toBeInstanceOf(TransientError)
  })

  it.each([
    [{ imgUrl: 'https://pps.whatsapp.net/a.jpg' }, 'https://pps.whatsapp.net/a.jpg'],
    [{ imgUrl: null }, undefined],
    [{}, undefined],
  ])('have a picture or hide it: %j', async (data, expected) => {
    gateway().get('/contacts/1/picture').reply(200, { success: true, data })
    expect(await contacts.picture('1')).toBe(expected)
  })

  it('are blocked, unblocked and saved', async () => {
    gateway()
      .post('/contacts/1/block')
      .reply(200, { success: true, data: { message: 'Contact blocked' } })
    await contacts.block('1')
    gateway().post('/contacts/1/unblock').reply(200, { success: true, data: {} })
    await contacts.unblock('1')
    gateway()
      .put('/contacts', { jid: row.jid, fullName: 'Maria Example' })
      .reply(200, { success: true, data: { jid: row.jid, fullName: 'Maria Example' } })
    await contacts.save({ jid: row.jid, fullName: 'Maria Example' })
  })

  it('are on WhatsApp or not', async () => {
    gateway()
      .get('/on-whatsapp/%2B15550001111')
      .reply(200, { success: true, data: { exists: true } })
    expect(await contacts.onWhatsapp('+15550001111')).toBe(true)
    gateway()
      .get('/on-whatsapp/%40jane_doe')
      .reply(200, { success: true, data: { exists: 0 } })
    expect(await contacts.onWhatsapp('@jane_doe')).toBe(false)
    gateway().get('/on-whatsapp/1').reply(200, { success: true, data: {} })
    expect(await failure(contacts.onWhatsapp('1'))).toBeInstanceOf(TransientError)
  })

  it('have a username', async () => {
    gateway()
      .get('/fetch-username/1')
      .reply(200, { success: true, data: { jid: '1@lid', username: 'jane_doe' } })
    expect(await contacts.username('1')).toBe('jane_doe')
  })
})

describe('LIDs', () => {
  it.each([
    ['+15550001111', '189975000000001@lid'],
    ['15550001111', '189975000000001'],
    ['15550001111@s.whatsapp.net', 189_975_000_000_001],
  ])('%s has one, however it is written', async (phone, lid) => {
    gateway()
      .get('/lid-from-pn/15550001111%40s.whatsapp.net')
      .reply(200, { success: true, data: { lid } })
    expect(await contacts.lidFromPhone(phone)).toBe('189975000000001@lid')
  })

  it.each([
    ['189975000000001@lid', '15550001111@s.whatsapp.net'],
    ['189975000000001', '+15550001111'],
    ['189975000000001:3@lid', '15550001111'],
  ])('%s leads to the phone', async (lid, pn) => {
    gateway().get('/pn-from-lid/189975000000001%40lid').reply(200, { success: true, data: { pn } })
    expect(await contacts.phoneFromLid(lid)).toBe('15550001111@s.whatsapp.net')
  })

  it('may be unknown without being an error', async () => {
    gateway()
      .get('/pn-from-lid/1%40lid')
      .reply(200, { success: true, data: { pn: null } })
    expect(await contacts.phoneFromLid('1@lid')).toBeUndefined()
  })
})
