import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PermanentError } from '../kernel/errors.ts'
import { findOrCreateContact, type Peer } from './contacts.ts'
import { startPlatforms, type TestPlatforms } from './testing.ts'

const LONG = '5511987654321'
const SHORT = '551187654321'
const LID = '189975000000001'

let world: TestPlatforms
beforeEach(async () => {
  world = await startPlatforms()
})
afterEach(() => world.close())

const phone = (digits: string): Peer => ({
  address: { kind: 'phone', digits },
  phone: digits,
  name: 'Maria',
})
const lid: Peer = { address: { kind: 'lid', id: LID }, lid: LID, name: 'Maria' }
const both = (digits: string): Peer => ({ ...phone(digits), lid: LID })
const group: Peer = { address: { kind: 'group', id: '120363000000000001' }, name: 'Support' }

const find = (peer: Peer) => findOrCreateContact(world.account, peer)
const contacts = () => world.chatwoot.contacts()
const make = (fields: Parameters<typeof world.account.chatwoot.contacts.create>[0]) =>
  world.account.chatwoot.contacts.create({ name: 'By an agent', ...fields })

describe('findOrCreateContact', () => {
  it.each([
    ['a person with a number', both(LONG), `+${LONG}`, `${LONG}@s.whatsapp.net`, LONG],
    ['a person without one', lid, null, `${LID}@lid`, `lid-${LID}`],
    ['a group', group, null, '120363000000000001@g.us', 'group-120363000000000001'],
  ])('makes %s once', async (_, peer, phoneNumber, identifier, sourceId) => {
    const made = await find(peer)
    expect(made).toMatchObject({ created: true, sourceId })
    expect(await find(peer)).toEqual({ ...made, created: false })
    expect(contacts()).toMatchObject([{ phoneNumber, identifier, name: peer.name }])
  })

  it.each(['0', '0123456789', '1234567890123456', '7'])(
    'makes %s, which is no telephone number, a contact without one',
    async (digits) => {
      const made = await find(phone(digits))
      expect(await find(phone(digits))).toEqual({ ...made, created: false })
      expect(contacts()).toMatchObject([
        { phoneNumber: null, identifier: `${digits}@s.whatsapp.net`, name: 'Maria' },
      ])
    },
  )

  it('makes it without a number when this Chatwoot does not take it', async () => {
    const context = { attributes: 'phone_number', problems: 'format' }
    const refused = new PermanentError('Refused', { code: 'chatwoot.invalid', context })
    const { contacts: api } = world.account.chatwoot
    const create = vi.spyOn(api, 'create').mockRejectedValueOnce(refused)
    expect(await find(phone(LONG))).toMatchObject({ created: true })
    expect(create).toHaveBeenCalledTimes(2)
    expect(contacts()).toMatchObject([{ phoneNumber: null, name: 'Maria' }])
  })

  it.each([
    ['the same spelling', LONG],
    ['the other spelling', SHORT],
  ])('adopts what an agent made under %s, number and name untouched', async (_, written) => {
    const { contact } = await make({ phoneNumber: `+${written}` })
    expect(await find(both(LONG))).toEqual({
      contactId: contact.id,
      sourceId: LONG,
      created: false,
    })
    expect(contacts()).toMatchObject([{ phoneNumber: `+${written}`, name: 'By an agent' }])
  })

  it('keeps the address a contact has in the inbox already', async () => {
    const { contact } = await make({ phoneNumber: `+${SHORT}`, inboxId: world.account.inboxId })
    const found = await find(phone(LONG))
    expect(found.contactId).toBe(contact.id)
    expect(found.sourceId).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('finds a LID contact by the LID when the number is new, and writes the number to it', async () => {
    const { contact } = await make({ identifier: `${LID}@lid` })
    expect((await find(both(LONG))).contactId).toBe(contact.id)
    expect(contacts()).toMatchObject([{ id: contact.id, phoneNumber: `+${LONG}` }])
  })

  it('prefers the number over a LID that is filed with another contact', async () => {
    await make({ identifier: `${LID}@lid`, phoneNumber: '+15550009999' })
    const { contact } = await make({ phoneNumber: `+${SHORT}` })
    expect((await find(both(LONG))).contactId).toBe(contact.id)
    expect(contacts()).toHaveLength(2)
  })

  it('takes the oldest when several contacts have the number', async () => {
    const { contact } = await make({ phoneNumber: `+${SHORT}` })
    await make({ phoneNumber: `+${LONG}` })
    expect((await find(phone(LONG))).contactId).toBe(contact.id)
  })

  it('takes the contact of another inbox for the same person', async () => {
    const other = world.chatwoot.addInbox({ name: 'Second number' })
    const { contact } = await make({
      phoneNumber: `+${LONG}`,
      inboxId: other.id as typeof world.account.inboxId,
    })
    expect(await find(phone(LONG))).toEqual({
      contactId: contact.id,
      sourceId: LONG,
      created: false,
    })
  })

  it('adopts the contact that somebody else made in the same moment', async () => {
    const { chatwoot } = world
    // The search comes too early, the create too late.
    const empty = { meta: { count: 0 }, payload: [] }
    chatwoot.faults.add({
      kind: 'answer',
      path: 'contacts/filter',
      status: 200,
      body: empty,
      times: 1,
    })
    const { contact } = await make({ phoneNumber: `+${LONG}` })
    expect((await find(phone(LONG))).contactId).toBe(contact.id)
    expect(contacts()).toHaveLength(1)
  })

  it('merges with the contact that got the number in the same moment', async () => {
    const { chatwoot } = world
    const { contact } = await make({ identifier: `${LID}@lid` })
    const early = {
      meta: { count: 1 },
      payload: [{ id: contact.id, name: 'x', identifier: `${LID}@lid` }],
    }
    chatwoot.faults.add({
      kind: 'answer',
      path: 'contacts/filter',
      status: 200,
      body: early,
      times: 1,
    })
    const winner = await make({ phoneNumber: `+${LONG}` })
    expect((await find(both(LONG))).contactId).toBe(winner.contact.id)
    expect(contacts()).toMatchObject([{ id: winner.contact.id, identifier: `${LID}@lid` }])
  })
})
