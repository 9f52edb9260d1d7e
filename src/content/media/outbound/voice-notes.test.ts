import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TransientError } from '../../../kernel/errors.ts'
import type { Attachment } from '../../../platforms/chatwoot/shapes/message.ts'
import { createDownload } from '../download.ts'
import { SEND_LIMITS } from '../limits.ts'
import { createOutboundMedia, type PrepareOptions } from './outbound-media.ts'
import { type MediaWorld, sampleFile, startMediaWorld } from './testing.ts'
import { createVoiceEncoder } from './voice-encoder.ts'

let world: MediaWorld
let dir: string
/** Stands in for ffmpeg: what it makes is OGG with the recording in it. */
let encoder: string

beforeAll(async () => {
  world = await startMediaWorld()
  dir = await mkdtemp(join(tmpdir(), 'voice-notes-'))
  encoder = await program('encoder', '[ "$1" = -version ] || { printf OggS; cat; }')
})
afterAll(async () => {
  await world.close()
  await rm(dir, { recursive: true, force: true })
})

async function program(name: string, script: string): Promise<string> {
  const path = join(dir, name)
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return path
}

const bytes = sampleFile('audio/mpeg', 50_000)
/** As the dashboard's recorder makes it (docs/platforms/chatwoot.md#attachments). */
const recording = { filename: '68ebb6434341.mp3', contentType: 'audio/mpeg', bytes }

type Options = Partial<PrepareOptions> & { command?: string; via?: 'upload' | 'link' }

async function sent(attachment: Attachment, options: Options = {}) {
  const { command = encoder, via = 'upload', ...given } = options
  const { prepare } = createOutboundMedia({
    download: createDownload(),
    voice: createVoiceEncoder({ command }),
  })
  const prepared = await prepare(world.account({ via }), attachment, { attempts: 0, ...given })
  if ('refuse' in prepared || !('url' in prepared.content)) throw new Error('No file')
  const response = await fetch(prepared.content.url)
  return {
    kind: prepared.content.kind,
    type: response.headers.get('content-type'),
    bytes: Buffer.from(await response.arrayBuffer()),
  }
}

const asVoice = {
  kind: 'audio',
  type: 'audio/ogg',
  bytes: Buffer.concat([Buffer.from('OggS'), bytes]),
}
const asItIs = { kind: 'audio', type: 'audio/mpeg', bytes: Buffer.from(bytes) }

describe('a recording of the dashboard', () => {
  it('becomes OGG/Opus when ffmpeg is there', async () => {
    expect(await sent(await world.attach(recording))).toEqual(asVoice)
  })

  it('also in a format WhatsApp does not take', async () => {
    const wav = { ...recording, filename: '68ebb6434341.wav', contentType: 'audio/wav' }
    expect(await sent(await world.attach({ ...wav, bytes: bytes.toReversed() }))).toMatchObject({
      kind: 'audio',
      type: 'audio/ogg',
    })
  })

  it('also when it is larger than a voice note may be', async () => {
    const command = await program(
      'shrinker',
      '[ "$1" = -version ] || { printf OggS; cat > /dev/null; }',
    )
    const wav = sampleFile('audio/wav', SEND_LIMITS.audio.bytes + 1)
    const large = { filename: '68ebb6434341.wav', contentType: 'audio/wav', bytes: wav }
    const found = await sent(await world.attach(large), { command })
    expect(found).toEqual({ ...asVoice, bytes: Buffer.from('OggS') })
  })

  it('stays a document when even the voice note is too large', async () => {
    const wav = sampleFile('audio/wav', SEND_LIMITS.audio.bytes + 1)
    const large = { filename: '68ebb6434341.wav', contentType: 'audio/wav', bytes: wav }
    const found = await sent(await world.attach(large))
    expect(found).toMatchObject({ kind: 'document', type: 'application/octet-stream' })
    expect(found.bytes.equals(wav)).toBe(true)
  })

  it.each<[string, Options]>([
    ['there is no ffmpeg', { command: '/nonexistent/ffmpeg' }],
    ['files go by link', { via: 'link' }],
    ['it was not recorded', { voice: false }],
  ])('is sent as it is when %s', async (_why, options) => {
    expect(await sent(await world.attach(recording), options)).toEqual(asItIs)
  })

  it.each([
    ['refuses it', 'exit 1'],
    ['fails halfway', 'printf OggS; head -c 20000; exit 1'],
    ['makes nothing', 'cat > /dev/null'],
  ])('is sent as it is when ffmpeg %s', async (name, script) => {
    const command = await program(
      name.replaceAll(' ', '-'),
      `[ "$1" = -version ] || { ${script}; }`,
    )
    expect(await sent(await world.attach(recording), { command })).toEqual(asItIs)
  })

  it('with a caption keeps its words and is a document', async () => {
    const found = await sent(await world.attach(recording), { caption: 'Listen' })
    expect(found).toEqual({ ...asItIs, kind: 'document' })
  })

  it('waits when the gateway is in trouble', async () => {
    const attachment = await world.attach(recording)
    world.wasender.faults.add({ kind: 'html', path: '/upload', times: 1 })
    await expect(sent(attachment)).rejects.toBeInstanceOf(TransientError)
    expect(await sent(attachment)).toEqual(asVoice)
  })
})

describe('other audio', () => {
  it('is sent as it is', async () => {
    const song = await world.attach({ ...recording, filename: 'Song.mp3' })
    expect(await sent(song)).toEqual(asItIs)
    expect(await sent(song, { voice: true })).toEqual(asVoice)
  })

  it('is not encoded again when it is OGG already', async () => {
    const ogg = {
      filename: '68ebb6434341.ogg',
      contentType: 'audio/ogg',
      bytes: sampleFile('audio/ogg'),
    }
    const found = await sent(await world.attach(ogg), { voice: true })
    expect(found.bytes.equals(ogg.bytes)).toBe(true)
  })
})

describe.each(['4.2.0', '4.12.1', '4.18.0'])('Chatwoot %s', (version) => {
  let old: MediaWorld
  beforeAll(async () => {
    old = await startMediaWorld({ version })
  })
  afterAll(() => old.close())

  it.each([
    ['photo.jpg', 'image/jpeg', 'image'],
    ['68ebb6434341.mp3', 'audio/mpeg', 'audio'],
    ['a.pdf', 'application/pdf', 'document'],
    ['a.mov', 'video/quicktime', 'document'],
  ])('%s is known for what it is', async (filename, contentType, kind) => {
    const attachment = await old.attach({ filename, contentType, bytes: sampleFile(contentType) })
    const { prepare } = createOutboundMedia({
      download: createDownload(),
      voice: createVoiceEncoder({ command: encoder }),
    })
    const prepared = await prepare(old.account(), attachment, { attempts: 0 })
    expect(prepared).toMatchObject({ content: { kind } })
  })
})

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0

it.skipIf(!hasFfmpeg)('a real recording is a real voice note', async () => {
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=2', '-f', 'mp3', 'pipe:1']
  const mp3 = execFileSync('ffmpeg', ['-loglevel', 'error', ...tone], { maxBuffer: 1e7 })
  const found = await sent(await world.attach({ ...recording, bytes: mp3 }), { command: 'ffmpeg' })
  expect(found).toMatchObject({ kind: 'audio', type: 'audio/ogg' })
  expect(found.bytes.includes('OpusHead')).toBe(true)
})
