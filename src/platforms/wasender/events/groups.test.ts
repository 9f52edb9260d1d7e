import { describe, expect, it } from 'vitest'
import { readGroups, readJoinRequest, readParticipants } from './groups.ts'

const jid = '120363000000000001@g.us'
const group = { kind: 'group', id: '120363000000000001' }
const PN = '15550001111@s.whatsapp.net'
const LID = '189975000000001@lid'
const upsert = (data: unknown) => readGroups('upsert')(data, 'groups.upsert')
const change = (data: unknown) => readParticipants(data, 'group-participants.update')

describe('readGroups', () => {
  const fields = {
    subject: 'Example group',
    creation: 1633456890,
    owner: PN,
    desc: 'About us',
    announce: true,
    restrict: false,
    participants: [{ jid: PN, isAdmin: true, isSuperAdmin: false }, { id: LID, admin: null }, {}],
  }

  it.each([
    ['a list under jid', [{ jid, ...fields }]],
    ['an object under id', { id: jid, ...fields }],
    ['a wrapped list', { groups: [{ jid, ...fields }] }],
  ])('reads %s', (_name, data) => {
    expect(upsert(data)).toEqual([
      {
        type: 'groups',
        action: 'upsert',
        group,
        subject: 'Example group',
        description: 'About us',
        owner: { kind: 'phone', digits: '15550001111' },
        announce: true,
        restrict: false,
        createdAt: 1_633_456_890_000,
        members: [
          { address: { kind: 'phone', digits: '15550001111' }, phone: '15550001111', admin: true },
          { address: { kind: 'lid', id: '189975000000001' }, lid: '189975000000001', admin: false },
        ],
      },
    ])
  })

  it('has nothing for what did not change', () => {
    expect(readGroups('update')([{ jid, announce: true }], 'groups.update')).toEqual([
      { type: 'groups', action: 'update', group, announce: true },
    ])
  })

  it('knows who may add members and who decides', () => {
    const data = [{ id: jid, memberAddMode: true, joinApprovalMode: false, authorPn: PN }]
    expect(readGroups('update')(data, 'groups.update')).toEqual([
      {
        ...{ type: 'groups', action: 'update', group, memberAdd: true, joinApproval: false },
        author: { kind: 'phone', digits: '15550001111' },
      },
    ])
  })

  it.each([[null], [{}], [[{ subject: 'x' }]], [[{ jid: PN }]]])('refuses %j', (data) => {
    expect(upsert(data)).toMatchObject([{ type: 'unknown', reason: 'group without an address' }])
  })
})

describe('readParticipants', () => {
  it.each([
    ['JIDs', [PN]],
    ['objects', [{ jid: PN }]],
    ['a single one', PN],
  ])('reads %s', (_name, participants) => {
    expect(change({ jid, participants, action: 'ADD' })).toEqual([
      {
        type: 'participants',
        group,
        action: 'add',
        members: [{ address: { kind: 'phone', digits: '15550001111' }, phone: '15550001111' }],
      },
    ])
  })

  it.each([
    { id: LID, participantPn: PN },
    { id: LID, phoneNumber: PN },
    { jid: PN, lid: LID },
  ])('learns both addresses from %j', (participant) => {
    const data = [{ id: jid, participants: [participant], action: 'promote', author: LID }]
    expect(change(data)).toMatchObject([
      {
        action: 'promote',
        members: [{ phone: '15550001111', lid: '189975000000001' }],
        author: { kind: 'lid', id: '189975000000001' },
      },
    ])
  })

  it.each([
    ['add', 'add'],
    ['remove', 'remove'],
    ['leave', 'remove'],
    ['promote', 'promote'],
    ['demote', 'demote'],
    ['modify', 'modify'],
  ])('%s is %s', (action, expected) => {
    expect(change({ jid, participants: [PN], action })).toMatchObject([{ action: expected }])
  })

  it.each([
    [null],
    [{ jid, participants: [PN] }],
    [{ jid, participants: [PN], action: 'constructor' }],
    [{ jid: PN, participants: [PN], action: 'add' }],
  ])('refuses %j', (data) => {
    expect(change(data)).toMatchObject([{ type: 'unknown' }])
  })
})

describe('readJoinRequest', () => {
  const request = (data: unknown) => readJoinRequest(data, 'group.join-request')
  const both = { phone: '15550001111', lid: '189975000000001' }

  it.each([
    ['created', 'request'],
    ['REVOKED', 'request-withdrawn'],
    ['rejected', 'request-refused'],
  ])('%s is %s', (action, expected) => {
    const data = { id: jid, participant: LID, author: PN, action, method: 'invite_link' }
    expect(request(data)).toEqual([
      {
        ...{ type: 'participants', group, action: expected },
        members: [{ address: { kind: 'lid', id: '189975000000001' }, lid: '189975000000001' }],
        author: { kind: 'phone', digits: '15550001111' },
      },
    ])
  })

  it.each([
    { participant: LID, participantPn: PN },
    { participant: PN, participantLid: LID },
    { participant: { id: LID, phoneNumber: PN } },
    { participant: { lid: LID, pn: PN } },
  ])('learns both addresses from %j', (participant) => {
    expect(request([{ jid, ...participant, action: 'created' }])).toMatchObject([
      { members: [both] },
    ])
  })

  it.each([
    [null],
    [{ id: jid, participant: PN }],
    [{ id: jid, participant: PN, action: 'constructor' }],
    [{ id: PN, participant: PN, action: 'created' }],
  ])('refuses %j', (data) => {
    expect(request(data)).toMatchObject([{ type: 'unknown' }])
  })
})
