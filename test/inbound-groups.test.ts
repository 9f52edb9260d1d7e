import { beforeEach, describe, expect, it } from 'vitest'
import type { SayOptions } from '../sandbox/wasender/voice.ts'
import { arrived } from './support/arrived.ts'
import { type Customer, newCustomer, ownWorld, useWorld } from './support/use-world.ts'
import type { World } from './support/world.ts'

const shared = useWorld()
let world: World
let maria: Customer
let joao: Customer
let group: ReturnType<World['wasender']['group']>

/** How many there were before the test. */
let before: { contacts: number; conversations: number; reads: number }

function meet(given: World) {
  world = given
  maria = newCustomer(world)
  joao = newCustomer(world, 'João')
  group = world.wasender.group({ subject: 'Plans', participants: [maria.phone, joao.phone] })
  before = {
    contacts: world.chatwoot.contacts().length,
    conversations: world.chatwoot.conversations().length,
    reads: world.wasender.countOf('/messages/read'),
  }
}
beforeEach(() => meet(shared()))

const contacts = () => world.chatwoot.contacts().slice(before.contacts)
const conversations = () => world.chatwoot.conversations().slice(before.conversations)
const contentOf = async (keyId: string) => (await arrived(world, keyId)).content

/** Grey lines in the group's conversation. */
const lines = () =>
  conversations()
    .flatMap(({ id }) => world.chatwoot.messages(id))
    .filter(({ messageType, sourceId }) => messageType === 'activity' && sourceId !== null)
    .map(({ content }) => content ?? '')

const joaosJids = () => ({ lid: `${joao.lid}@lid`, pn: joao.jid })

/** Maria is an admin. */
const asksToJoin = (action: string, { lid, pn }: { lid: string; pn?: string }) =>
  world.wasender.emit(1, 'group.join-request', {
    ...{ id: group.jid, participant: lid, participantPn: pn, action, method: 'invite_link' },
    author: `${maria.lid}@lid`,
  })

/** A message nobody wrote. */
const stub = (messageStubType: number, messageStubParameters: string[]) =>
  world.wasender.emit(1, 'messages.upsert', {
    messages: {
      key: {
        ...{ id: `STUB${messageStubType}`, fromMe: false, remoteJid: group.jid },
        participant: `${maria.lid}@lid`,
      },
      messageTimestamp: Math.floor(Date.now() / 1000),
      ...{ messageStubType, messageStubParameters },
    },
  })

const labelled = (label: string) => ({
  protocolMessage: { type: 30, memberLabel: { label, labelTimestamp: '1796050459' } },
})

const VARIANTS: [string, SayOptions][] = [
  ['by LID', { addressing: 'lid' }],
  ['by number', { addressing: 'pn', omit: ['participantLid'] }],
  ['by LID alone', { addressing: 'lid', omit: ['participantPn', 'cleanedParticipantPn'] }],
]

describe('a message in a group', () => {
  it.each(VARIANTS)(
    'carries its author (%s) and the group is the contact',
    async (_how, options) => {
      const first = await arrived(world, maria.inGroup(group.jid).sendText('Hi all', options).keyId)
      expect(first).toMatchObject({ content: '**Maria**\nHi all', messageType: 'incoming' })
      const second = joao.inGroup(group.jid).sendText('Hi', options)
      expect(await contentOf(second.keyId)).toBe('**João**\nHi')
      expect(contacts().map(({ name }) => name)).toEqual(['Plans'])
      expect(conversations()).toHaveLength(1)
    },
  )

  it('names who is mentioned, by the name they write under or the one in the address book', async () => {
    const inGroup = maria.inGroup(group.jid)
    await arrived(world, joao.inGroup(group.jid).sendText('Who was it?').keyId)
    const mention = (text: string, jid: string) =>
      inGroup.sendRaw({
        extendedTextMessage: { text, contextInfo: { mentionedJid: [jid] } },
      })
    const byNumber = mention(`It was @${joao.phone.slice(1)}`, joao.jid)
    expect(await contentOf(byNumber.keyId)).toBe('**Maria**\nIt was @João')
    const byLid = mention(`It was @${joao.lid}!`, `${joao.lid}@lid`)
    expect(await contentOf(byLid.keyId)).toBe('**Maria**\nIt was @João!')

    const us = mention('Thanks @15550002222', '15550002222@s.whatsapp.net')
    expect(await contentOf(us.keyId)).toBe('**Maria**\nThanks @Business WhatsApp')

    await world.wasender.emit(1, 'contacts.upsert', [
      { id: joao.jid, lid: `${joao.lid}@lid`, name: 'João Silva' },
    ])
    const marker = joao.inGroup(group.jid).sendText('Now?')
    expect(await contentOf(marker.keyId)).toBe('**João Silva**\nNow?')
    const saved = mention(`@${joao.lid}`, `${joao.lid}@lid`)
    expect(await contentOf(saved.keyId)).toBe('**Maria**\n@João Silva')
    expect(contacts()).toHaveLength(1)
  })

  it('is not carried when groups are ignored', async () => {
    meet(await ownWorld({ options: { groups: 'ignore' } }))
    await maria.inGroup(group.jid).sendText('Hi all').delivered
    await group.change('remove', [joao.phone])
    await arrived(world, maria.sendText('marker').keyId)
    expect(conversations()).toHaveLength(1)
    expect(contacts()[0]?.name).toBe('Maria')
  })
})

describe('a change of a group', () => {
  it('is a grey line with names and never a message', async () => {
    const hello = await arrived(world, maria.inGroup(group.jid).sendText('Hi all').keyId)
    await arrived(world, joao.inGroup(group.jid).sendText('Hi').keyId)
    await group.change('remove', [joao.phone])
    await world.chatwoot.waitFor(() => lines().length === 1)
    await group.change('add', [joao.phone, '+15550003333'])
    await world.chatwoot.waitFor(() => lines().length === 2)
    await group.change('promote', [maria.phone])
    await world.chatwoot.waitFor(() => lines().length === 3)
    await group.change('demote', [maria.phone])
    await world.chatwoot.waitFor(() => lines().length === 4)
    expect(lines()).toEqual([
      expect.stringContaining('João'),
      expect.stringMatching(/João.*\+15550003333/),
      expect.stringContaining('Maria'),
      expect.stringContaining('Maria'),
    ])
    expect(new Set(lines()).size).toBe(4)
    expect(conversations()).toHaveLength(1)
    expect(conversations()[0]?.id).toBe(hello.conversationId)
  })

  it('to its subject renames the contact, unless an agent did', async () => {
    await arrived(world, maria.inGroup(group.jid).sendText('Hi all').keyId)
    const { chatwoot } = world
    await group.rename('Better plans')
    await chatwoot.waitFor(() => contacts()[0]?.name === 'Better plans')
    await chatwoot.waitFor(() => lines().length === 1)
    expect(lines()).toEqual([expect.stringContaining('Better plans')])
    chatwoot.agent().renameContact(contacts()[0]!.id, 'Key customer')
    await group.rename('Best plans')
    await chatwoot.waitFor(() => lines().length === 2)
    await arrived(world, maria.inGroup(group.jid).sendText('marker').keyId)
    await chatwoot.settled()
    expect(contacts()[0]?.name).toBe('Key customer')
  })

  it('to who may join is one line, also when it is told twice', async () => {
    await arrived(world, maria.inGroup(group.jid).sendText('Hi all').keyId)
    await arrived(world, joao.inGroup(group.jid).sendText('Hi').keyId)
    await asksToJoin('created', joaosJids())
    stub(172, [JSON.stringify(joaosJids()), 'created', 'invite_link'])
    await world.chatwoot.waitFor(() => lines().length === 1)
    await asksToJoin('rejected', joaosJids())
    await world.chatwoot.waitFor(() => lines().length === 2)
    await world.wasender.emit(1, 'groups.update', [{ id: group.jid, joinApprovalMode: false }])
    stub(145, ['off'])
    await world.chatwoot.waitFor(() => lines().length === 3)
    await arrived(world, maria.inGroup(group.jid).sendText('marker').keyId)
    await world.chatwoot.settled()
    expect(lines()).toEqual([
      'Asks to join the group: João (by Maria)',
      'Was not let into the group: João (by Maria)',
      'Whoever has the link can join the group now.',
    ])
  })

  it('to the label of a member is a line with the name', async () => {
    await arrived(world, maria.inGroup(group.jid).sendText('Hi all').keyId)
    maria.inGroup(group.jid).sendRaw(labelled('Boss'))
    await world.chatwoot.waitFor(() => lines().length === 1)
    expect(lines()).toEqual(['A member’s label in the group is now “Boss”. (by Maria)'])
    expect(conversations()).toHaveLength(1)
  })

  it('makes no conversation where nobody has written yet', async () => {
    await group.announce()
    await group.rename('Quiet')
    await group.change('add', ['+15550003333'])
    await asksToJoin('created', { lid: '189975000000009@lid' })
    maria.inGroup(group.jid).sendRaw(labelled('Boss'))
    await arrived(world, maria.sendText('marker').keyId)
    await world.chatwoot.settled()
    expect(conversations()).toHaveLength(1)
    expect(lines()).toEqual([])
  })
})

describe('in a group an answer', () => {
  it('gets its ticks from the first member and leaves blue ones', async () => {
    const { chatwoot, wasender } = world
    const hello = await arrived(world, maria.inGroup(group.jid).sendText('Hi all').keyId)
    const reply = await chatwoot.agent().reply(hello.conversationId, 'Hello')
    const sent = await wasender.waitFor(() => wasender.inbox(maria.phone)[0])
    const status = () =>
      chatwoot.messages(hello.conversationId).find(({ id }) => id === reply.id)?.status
    await chatwoot.waitFor(() => wasender.callsTo('/messages/read')[before.reads])
    expect(
      wasender
        .callsTo('/messages/read')
        .slice(before.reads)
        .map(({ body }) => body),
    ).toEqual([
      {
        key: {
          id: hello.sourceId,
          remoteJid: group.jid,
          fromMe: false,
          participant: `${maria.lid}@lid`,
        },
      },
    ])
    await maria.deliver(sent.keyId)
    await chatwoot.waitFor(() => status() === 'delivered')
    await joao.read(sent.keyId)
    await chatwoot.waitFor(() => status() === 'read')
    await maria.deliver(sent.keyId)
    await arrived(world, maria.inGroup(group.jid).sendText('marker').keyId)
    expect(status()).toBe('read')
  })
})

describe('stories and channels', () => {
  const STORY = 'status@broadcast'
  const CHANNEL = '120363999999999999@newsletter'

  it('are let go unless they are asked for', async () => {
    await maria.inChat(STORY).sendText('My day').delivered
    await maria.inChat(CHANNEL).sendText('News').delivered
    await arrived(world, maria.sendText('marker').keyId)
    expect(contacts().map(({ name }) => name)).toEqual(['Maria'])
    meet(await ownWorld({ options: { channels: 'bridge' } }))
    const story = await arrived(world, maria.inChat(STORY).sendText('My day').keyId)
    expect(story.content).toBe('**Maria**\nMy day')
    const post = await arrived(world, maria.inChat(CHANNEL).sendText('News').keyId)
    expect(post.content).toContain('News')
    expect(post.conversationId).not.toBe(story.conversationId)
  })
})

describe('a message that only comes inside its chat', () => {
  it('is taken from there', async () => {
    const { keyId } = maria.sendText('Hidden', { events: ['chats.update'] })
    expect((await arrived(world, keyId)).content).toBe('Hidden')
  })
})
