import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleFile, type Uploaded } from '../src/content/media/outbound/testing.ts'
import { startWorld, type World, type WorldOptions } from './support/world.ts'

const PHONE = '+15550001111'

let tools: string
const path = process.env.PATH ?? ''

beforeAll(async () => {
  // Whether this machine has an ffmpeg must not decide; what a real one makes is tested beside the code.
  tools = await mkdtemp(join(tmpdir(), 'tools-'))
  const script = '#!/bin/sh\n[ "$1" = -version ] || { printf OggS; cat; }\n'
  await writeFile(join(tools, 'ffmpeg'), script, { mode: 0o755 })
  process.env.PATH = `${tools}${delimiter}${path}`
})
afterAll(async () => {
  process.env.PATH = path
  await rm(tools, { recursive: true, force: true })
})

/** A world with a conversation. */
async function startWithChat(options: WorldOptions): Promise<World> {
  const world = await startWorld(options)
  const maria = world.wasender.person({ phone: PHONE, name: 'Maria' })
  const { keyId } = maria.sendText('Hello')
  await world.chatwoot.waitFor(() =>
    world.chatwoot.allMessages().some(({ sourceId }) => sourceId === keyId),
  )
  return world
}

const inbox = ({ wasender }: World) => wasender.inbox(PHONE)

/** What reaches the phone of an agent's message that makes `count` WhatsApp messages. */
async function sent(world: World, text: string | null, attachments: Uploaded[], count = 1) {
  const before = inbox(world).length
  const { id, conversationId } = await world.chatwoot.agent().reply(1, text, { attachments })
  const received = await world.wasender.waitFor(
    () => (inbox(world).length >= before + count ? inbox(world).slice(before) : undefined),
    { timeoutMs: 25_000 },
  )
  const message = () =>
    world.chatwoot.messages(conversationId).find((candidate) => candidate.id === id)
  return { received, message }
}

const sha256 = (...bytes: Uint8Array[]) =>
  createHash('sha256').update(Buffer.concat(bytes)).digest('hex')

const file = (filename: string, contentType: string, size?: number): Uploaded => ({
  filename,
  contentType,
  bytes: sampleFile(contentType, size),
})

describe('files of an agent', () => {
  let world: World
  beforeAll(async () => {
    world = await startWithChat({ options: { media: { maxBytes: '12MB' } } })
  })
  afterAll(() => world.close())

  it.each([
    ['image', 'photo.jpg', 'image/jpeg'],
    ['image', 'label.png', 'image/png'],
    ['video', 'film.mp4', 'video/mp4'],
    ['voice', 'song.mp3', 'audio/mpeg'],
    ['document', 'Rechnung Nº 5.pdf', 'application/pdf'],
    ['document', 'sticker.webp', 'image/webp'],
    ['document', 'film.mov', 'video/quicktime'],
    ['document', 'data.bin', 'application/octet-stream'],
  ])('arrive unchanged: %s %s', async (kind, name, type) => {
    const upload = file(name, type)
    const { received, message } = await sent(world, null, [upload])
    const [got] = received
    expect(got).toMatchObject({
      kind,
      media: { mimetype: type, bytes: upload.bytes.length, sha256: sha256(upload.bytes) },
    })
    if (kind === 'document') expect(got?.media?.fileName).toBe(name)
    await world.chatwoot.waitFor(() => message()?.status === 'delivered')
  })

  it('arrive in order, with the text below the first', async () => {
    const files = [
      file('a.png', 'image/png'),
      file('b.pdf', 'application/pdf'),
      file('c.mp4', 'video/mp4'),
    ]
    const { received } = await sent(world, 'Label, **invoice** and film', files, 3)
    expect(received.map(({ kind, text }) => [kind, text])).toEqual([
      ['image', 'Label, *invoice* and film'],
      ['document', undefined],
      ['video', undefined],
    ])
    expect(received.map(({ media }) => media?.sha256)).toEqual(
      files.map(({ bytes }) => sha256(bytes)),
    )
  })

  it('keep a text that audio cannot show', async () => {
    const { received } = await sent(world, 'Listen', [file('song.mp3', 'audio/mpeg')], 2)
    expect(received).toMatchObject([{ kind: 'text', text: 'Listen' }, { kind: 'voice' }])
  })

  it('are voice notes when they were recorded', async () => {
    const recording = file('68ebb6434341.mp3', 'audio/mpeg')
    const { received } = await sent(world, null, [recording])
    expect(received[0]).toMatchObject({
      kind: 'voice',
      media: { mimetype: 'audio/ogg', sha256: sha256(Buffer.from('OggS'), recording.bytes) },
    })
  })

  it('are documents when they are too large for what they are', async () => {
    const photo = file('photo.jpg', 'image/jpeg', 5_000_001)
    const { received } = await sent(world, 'Large', [photo])
    expect(received[0]).toMatchObject({
      kind: 'document',
      text: 'Large',
      media: { fileName: 'photo.jpg', sha256: sha256(photo.bytes) },
    })
  })

  it('are contact cards when they hold one', async () => {
    const bytes = Buffer.from('BEGIN:VCARD\nFN:Joana\nTEL:+5511912345678\nEND:VCARD\n')
    const { received } = await sent(world, null, [
      { filename: 'joana.vcf', contentType: 'text/vcard', bytes },
    ])
    expect(received[0]).toMatchObject({
      kind: 'contact',
      contact: { name: 'Joana', phone: '+5511912345678' },
    })
  })

  it.each([
    ['too large', 12_000_001, 'Not sent: the file is larger than 12 MB.'],
    ['empty', 0, 'Not sent: the file is empty.'],
  ])('fail with the reason when they are %s, and the others arrive', async (_why, size, reason) => {
    const files = [file('a.pdf', 'application/pdf', size), file('b.pdf', 'application/pdf')]
    const { received, message } = await sent(world, null, files)
    expect(received[0]?.media?.fileName).toBe('b.pdf')
    await world.chatwoot.waitFor(() => message()?.status === 'failed')
    expect(message()?.contentAttributes.external_error).toBe(reason)
  })

  it('are not taken for something typed on the phone', async () => {
    await world.chatwoot.settled()
    const echoes = world.chatwoot
      .allMessages()
      .filter(({ contentAttributes }) => contentAttributes.external_echo)
    expect(echoes).toEqual([])
  })
})

describe('a file that is not in the storage yet', () => {
  it('is waited for, in its place', async () => {
    const world = await startWithChat({ chatwoot: { attachmentRaceMs: 1500 } })
    const photo = file('photo.jpg', 'image/jpeg')
    const agent = world.chatwoot.agent()
    await agent.reply(1, null, { attachments: [photo] })
    await agent.reply(1, 'As you can see')
    await world.wasender.waitFor(() => inbox(world).length === 2)
    expect(inbox(world)).toMatchObject([
      { kind: 'image', media: { sha256: sha256(photo.bytes) } },
      { kind: 'text', text: 'As you can see' },
    ])
    expect(JSON.stringify(world.bridge.log)).toContain('media.not_there_yet')
    await world.close()
  })
})

describe('files by link', () => {
  it('are fetched from Chatwoot by the gateway itself', async () => {
    const world = await startWithChat({ options: { media: { via: 'link' } } })
    const photo = file('photo.jpg', 'image/jpeg')
    const { received } = await sent(world, 'See', [photo])
    expect(received[0]).toMatchObject({
      kind: 'image',
      text: 'See',
      media: { sha256: sha256(photo.bytes) },
    })
    expect(received[0]?.url).toContain(world.chatwoot.url)
    expect(world.wasender.countOf('/api/upload')).toBe(0)
    await world.close()
  })
})

describe('a large file', () => {
  /** Highest resident memory so far, in bytes. */
  const peak = async (pid: number) => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1024
  }
  const large = (size: number): Uploaded => ({
    filename: 'large.bin',
    contentType: 'application/octet-stream',
    bytes: randomBytes(size),
  })

  it.skipIf(process.platform !== 'linux')('passes through without being held', async () => {
    const world = await startWithChat({})
    // What V8 leaves uncollected for a while does not depend on the size; a held file would.
    await sent(world, null, [large(30_000_000)])
    const before = await peak(world.bridge.pid)
    const upload = large(90_000_000)
    const { received } = await sent(world, null, [upload])
    expect(received[0]?.media?.sha256).toBe(sha256(upload.bytes))
    expect((await peak(world.bridge.pid)) - before).toBeLessThan(40_000_000)
    await world.close()
  })
})
