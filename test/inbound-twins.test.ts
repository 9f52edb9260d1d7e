import { beforeEach, describe, expect, it } from 'vitest'
import type { Voice } from '../sandbox/wasender/voice.ts'
import {
  type Customer,
  type FromNowOn,
  fromNowOn,
  newCustomer,
  useWorld,
} from './support/use-world.ts'
import type { World } from './support/world.ts'

const shared = useWorld()
let world: World
let since: FromNowOn
let maria: Customer

beforeEach(() => {
  world = shared()
  since = fromNowOn(world)
  maria = newCustomer(world)
})

/** An id of this test's own. */
const own = (id: string) => `${id}-${maria.lid}`

/** The node of a file, as a phone uploads it. */
async function file(kind: 'image' | 'video', bytes: string, caption?: string) {
  const mimetype = kind === 'image' ? 'image/jpeg' : 'video/mp4'
  maria.sendMedia(kind, new TextEncoder().encode(bytes), { mimetype, events: [] })
  await world.wasender.waitFor(() => world.wasender.chat(maria.phone).length > 0)
  const node = world.wasender.chat(maria.phone).at(-1)?.node ?? {}
  const name = `${kind}Message`
  return {
    name,
    node: { ...(node[name] as object), ...(caption === undefined ? {} : { caption }) },
  }
}

type File = Awaited<ReturnType<typeof file>>
const plainNode = ({ name, node }: File, contextInfo?: object) => ({
  [name]: { ...node, ...(contextInfo === undefined ? {} : { contextInfo }) },
})
const childNode = ({ name, node }: File, parent: string, associationType: unknown) => ({
  messageContextInfo: {
    messageAssociation: { associationType, parentMessageKey: { id: own(parent), fromMe: false } },
  },
  associatedChildMessage: { message: { [name]: node } },
})
const send = async (message: object, id: string, key: object = {}) => {
  await world.wasender.emit(1, 'messages.upsert', {
    messages: {
      key: { id: own(id), fromMe: false, remoteJid: maria.jid, ...key },
      pushName: 'Maria',
      messageTimestamp: Math.floor(Date.now() / 1000),
      message,
    },
  })
}
/** What an agent sees: files with their sizes, and the text. */
const shown = (type = 'incoming') =>
  since
    .messages()
    .filter(({ messageType, attachments }) => messageType === type && attachments.length > 0)
    .map(({ content, attachments }) => [content ?? '', attachments.map(({ byteSize }) => byteSize)])
const settled = async (text: string, voice: Pick<Voice, 'sendText'> = maria) => {
  const marker = voice.sendText(text)
  await world.chatwoot.waitFor(() =>
    world.chatwoot.allMessages().some(({ sourceId }) => sourceId === marker.keyId),
  )
  await world.chatwoot.settled()
}

/** How often the bridge took a message away. */
const deletions = () => since.chatwootCalls().filter(({ method }) => method === 'DELETE').length

const HD: [unknown, 'image' | 'video'][] = [
  ['HD_IMAGE_DUAL_UPLOAD', 'image'],
  [5, 'video'],
]

describe('a picture or video in two qualities', () => {
  it.each(HD)(
    'is shown once, the better one, when the first was there already (%s)',
    async (type, kind) => {
      const [sd, hd] = [await file(kind, 'sd', 'The damage'), await file(kind, 'hd hd hd')]
      await send(plainNode(sd), 'PARENT')
      await world.chatwoot.waitFor(() => shown().length === 1)
      await send(childNode(hd, 'PARENT', type), 'CHILD')
      await world.chatwoot.waitFor(() => shown()[0]?.[1]?.[0] === 8)
      await settled('marker')
      expect(shown()).toEqual([['The damage', [8]]])
    },
  )

  it('is shown once and nothing is taken away when the better one comes first', async () => {
    const [sd, hd] = [await file('image', 'sd', 'The damage'), await file('image', 'hd hd hd')]
    await send(childNode(hd, 'PARENT', '10'), 'CHILD')
    await send(plainNode(sd), 'PARENT')
    await world.chatwoot.waitFor(() => shown().length === 1)
    await settled('marker')
    expect(shown()).toEqual([['The damage', [8]]])
    expect(deletions()).toBe(0)
  })

  it('waits for the better one that is announced', async () => {
    const [sd, hd] = [await file('image', 'sd', 'The damage'), await file('image', 'hd hd hd')]
    await send(plainNode(sd, { pairedMediaType: 'SD_IMAGE_PARENT' }), 'PARENT')
    await settled('between')
    await send(childNode(hd, 'PARENT', 10), 'CHILD')
    await world.chatwoot.waitFor(() => shown().length === 1)
    await settled('marker')
    expect(shown()).toEqual([['The damage', [8]]])
    expect(deletions()).toBe(0)
  })

  it('is the picture alone of a moving one, in any order', async () => {
    const [still, moving] = [await file('image', 'still'), await file('video', 'moving')]
    await send(plainNode(still), 'A')
    await send(childNode(moving, 'A', 12), 'A2')
    await send(childNode(moving, 'B', 'MOTION_PHOTO'), 'B2')
    await send(plainNode(still), 'B')
    await settled('marker')
    expect(shown()).toEqual([
      ['', [5]],
      ['', [5]],
    ])
  })

  it('is shown when the other one never comes', async () => {
    const [sd, hd] = [await file('image', 'sd', 'Late'), await file('image', 'hd hd hd')]
    await send(childNode(hd, 'NEVER', 10), 'CHILD')
    await send(plainNode(sd, { pairedMediaType: 3 }), 'ALONE')
    await world.chatwoot.waitFor(() => shown().length === 2, { timeoutMs: 20_000 })
    expect(shown()).toEqual([
      ['Late', [2]],
      ['', [8]],
    ])
    await send(plainNode(sd), 'NEVER')
    await world.chatwoot.waitFor(() =>
      world.chatwoot
        .allMessages()
        .some(({ content, sourceId }) => sourceId === own('NEVER') && content === 'Late'),
    )
    await settled('marker')
    expect(shown()).toHaveLength(2)
  }, 40_000)

  it('leaves the pictures of an album one by one', async () => {
    const [one, two] = [await file('image', 'one'), await file('image', 'second')]
    const context = {
      messageContextInfo: {
        messageAssociation: { associationType: 1, parentMessageKey: { id: own('ALBUM') } },
      },
    }
    await send({ albumMessage: { expectedImageCount: 2 } }, 'ALBUM')
    await send({ ...context, ...plainNode(one) }, 'ONE')
    await send({ ...context, ...plainNode(two) }, 'TWO')
    await settled('marker')
    expect(shown().map(([, sizes]) => sizes)).toEqual([[3], [6]])
  })
})

describe('a picture in two qualities from elsewhere', () => {
  it('is shown once in a group, with its author, and nothing of anybody is taken away', async () => {
    const group = world.wasender.group({ subject: 'Plans', participants: [maria.phone] })
    const [sd, hd] = [await file('image', 'sd', 'The damage'), await file('image', 'hd hd hd')]
    const inGroup = { remoteJid: group.jid, participant: `${maria.lid}@lid` }
    const isThere = (count: number) => world.chatwoot.waitFor(() => shown().length === count)
    await send(plainNode(sd), 'FIRST', inGroup)
    await isThere(1)
    await send(childNode(hd, 'FIRST', 10), 'FIRST-HD', inGroup)
    await settled('between', maria.inGroup(group.jid))
    await send(childNode(hd, 'SECOND', 10), 'SECOND-HD', inGroup)
    await send(plainNode(sd), 'SECOND', { ...inGroup, participantPn: maria.jid })
    await isThere(2)
    await settled('marker', maria.inGroup(group.jid))
    expect(shown()).toEqual([
      ['**Maria**\nThe damage', [2]],
      ['**Maria**\nThe damage', [8]],
    ])
    expect(deletions()).toBe(0)
  })

  it('is shown once when it was sent on our own phone, and stays on WhatsApp', async () => {
    const [sd, hd] = [await file('image', 'sd', 'Our offer'), await file('image', 'hd hd hd')]
    const ours = { fromMe: true }
    await send(plainNode(sd), 'FIRST', ours)
    await world.chatwoot.waitFor(() => shown('outgoing').length === 1)
    await send(childNode(hd, 'FIRST', 'HD_IMAGE_DUAL_UPLOAD'), 'FIRST-HD', ours)
    await settled('between')
    await send(childNode(hd, 'SECOND', 10), 'SECOND-HD', ours)
    await send(plainNode(sd), 'SECOND', { ...ours, remoteJid: `${maria.lid}@lid` })
    await world.chatwoot.waitFor(() => shown('outgoing').length === 2)
    await settled('marker')
    expect(shown('outgoing')).toEqual([
      ['Our offer', [2]],
      ['Our offer', [8]],
    ])
    expect(deletions()).toBe(0)
    expect(since.countOf(/^\/(api\/)?messages\//, 'DELETE')).toBe(0)
  })
})

describe('one message that two webhooks tell in different words', () => {
  it('is one when it was typed on our own phone', async () => {
    await settled('Hello')
    const { wasender } = world
    const typed = wasender.owner.typeOnPhone(maria.phone, 'On its *way*', { messageSent: true })
    await wasender.emit(1, 'message.sent', {
      key: { id: typed.keyId, fromMe: true, remoteJid: maria.phone },
      message: { extendedTextMessage: { text: 'On its *way*', contextInfo: {} } },
      success: true,
    })
    await typed.delivered
    await wasender.emit(1, 'chats.update', {
      chats: {
        id: `${maria.lid}@lid`,
        messages: [
          {
            message: {
              key: { id: typed.keyId, fromMe: true, remoteJid: `${maria.lid}@lid` },
              messageBody: 'On its *way*',
            },
          },
        ],
      },
    })
    await settled('marker')
    const outgoing = since.messages().filter(({ messageType }) => messageType === 'outgoing')
    expect(outgoing.map(({ content, sourceId }) => [content, sourceId])).toEqual([
      ['On its **way**', typed.keyId],
    ])
    expect(since.conversations()).toHaveLength(1)
  })

  it('is one in a group, also what happens to it', async () => {
    const { wasender, chatwoot } = world
    const group = wasender.group({ subject: 'Plans', participants: [maria.phone] })
    const byLid = {
      ...{ id: own('IN-GROUP'), fromMe: false, remoteJid: group.jid },
      participant: `${maria.lid}@lid`,
    }
    const byNumber = { ...byLid, participant: maria.jid }
    await send({ conversation: 'Hi all' }, 'IN-GROUP', byLid)
    await wasender.emit(1, 'messages-group.received', {
      messages: { key: { ...byNumber, participantPn: maria.jid }, messageBody: 'Hi all' },
    })
    const edited = { extendedTextMessage: { text: 'Hi everyone' } }
    const change = { type: 14, key: byLid, editedMessage: edited }
    await send({ protocolMessage: change }, 'EDIT-KEY', byLid)
    await wasender.emit(1, 'messages.update', {
      key: byNumber,
      update: { message: { editedMessage: { message: { conversation: 'Hi everyone' } } } },
    })
    const inGroup = () => since.messages().filter(({ content }) => content?.includes('Hi '))
    await chatwoot.waitFor(() => inGroup().length === 2)
    await settled('marker', maria.inGroup(group.jid))
    expect(inGroup().map(({ content }) => content)).toEqual([
      '**Maria**\nHi all',
      expect.stringContaining('Hi everyone'),
    ])
    expect(since.contacts()).toHaveLength(1)
  })
})
