import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ReadableStream } from 'node:stream/web'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TransientError } from '../../../kernel/errors.ts'
import { createVoiceEncoder, VoiceEncodingError } from './voice-encoder.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'voice-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** A program in ffmpeg's place. */
async function program(name: string, script: string): Promise<string> {
  const path = join(dir, name)
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return path
}

const streamOf = (...chunks: Uint8Array[]) => ReadableStream.from(chunks)

async function readAll(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const RECORDING = new Uint8Array(300_000).fill(7)

describe('without ffmpeg', () => {
  it.each([
    ['it is not installed', '/nonexistent/ffmpeg'],
    ['it does not work', 'false'],
  ])('is not available: %s', async (_why, command) => {
    expect(await createVoiceEncoder({ command }).isAvailable()).toBe(false)
  })

  it('looks for it once', async () => {
    const command = await program('count', `echo run >> ${dir}/runs`)
    const encoder = createVoiceEncoder({ command })
    expect(await Promise.all([encoder.isAvailable(), encoder.isAvailable()])).toEqual([true, true])
    expect(await encoder.isAvailable()).toBe(true)
    expect(execFileSync('cat', [`${dir}/runs`], { encoding: 'utf8' })).toBe('run\n')
  })
})

describe('a program in the place of ffmpeg', () => {
  it('gets the recording and gives the voice note, piece by piece', async () => {
    const encoder = createVoiceEncoder({ command: await program('copy', 'cat') })
    const parts = [RECORDING, new Uint8Array([1, 2, 3])]
    expect((await readAll(encoder.encode(streamOf(...parts)))).equals(Buffer.concat(parts))).toBe(
      true,
    )
  })

  it.each([
    ['refuses the recording', 'exit 1'],
    ['refuses it after some output', 'head -c 100; exit 1'],
    ['says nothing', 'cat > /dev/null'],
    ['crashes', 'kill -9 $$'],
  ])('that %s fails the stream', async (name, script) => {
    const encoder = createVoiceEncoder({
      command: await program(name.replaceAll(' ', '-'), script),
    })
    const made = readAll(encoder.encode(streamOf(RECORDING)))
    await expect(made).rejects.toBeInstanceOf(VoiceEncodingError)
  })

  it('that hangs is killed', async () => {
    const command = await program('hang', 'exec sleep 600')
    const encoder = createVoiceEncoder({ command, timeoutMs: 50 })
    await expect(readAll(encoder.encode(streamOf(RECORDING)))).rejects.toMatchObject({
      code: 'media.voice_encoding',
      context: { result: 'ended with SIGKILL' },
    })
  })

  it('does not turn half a recording into a voice note', async () => {
    const broken = new TransientError('Broken.', { code: 'media.stalled' })
    async function* source(): AsyncGenerator<Uint8Array> {
      yield RECORDING
      throw broken
    }
    const encoder = createVoiceEncoder({ command: await program('copy-again', 'cat') })
    const made = readAll(encoder.encode(ReadableStream.from(source())))
    await expect(made).rejects.toBe(broken)
  })

  it('ends when nobody wants the voice note any more', async () => {
    let closed = false
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(65_536)
      } finally {
        closed = true
      }
    }
    const encoder = createVoiceEncoder({ command: await program('copy-more', 'cat') })
    const reader = encoder.encode(ReadableStream.from(source())).getReader()
    await reader.read()
    await reader.cancel()
    expect(closed).toBe(true)
  })
})

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0

describe.skipIf(!hasFfmpeg)('ffmpeg', () => {
  it('makes OGG/Opus with one channel out of an MP3', async () => {
    const tone = 'sine=frequency=440:duration=2'
    const mp3 = execFileSync(
      'ffmpeg',
      ['-loglevel', 'error', '-f', 'lavfi', '-i', tone, '-f', 'mp3', 'pipe:1'],
      { maxBuffer: 1e7 },
    )
    const ogg = await readAll(createVoiceEncoder().encode(streamOf(new Uint8Array(mp3))))
    expect(ogg.subarray(0, 4).toString()).toBe('OggS')
    const head = ogg.indexOf('OpusHead')
    expect(head).toBeGreaterThan(0)
    expect(ogg[head + 9]).toBe(1)
    expect(ogg.length).toBeLessThan(mp3.length)
  })

  it('says so when the recording is none', async () => {
    const made = readAll(createVoiceEncoder().encode(streamOf(RECORDING)))
    await expect(made).rejects.toBeInstanceOf(VoiceEncodingError)
  })
})
