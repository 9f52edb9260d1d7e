import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ReadableStream } from 'node:stream/web'
import { PermanentError } from '../../../kernel/errors.ts'

/** Makes voice notes out of recordings. */
export type VoiceEncoder = {
  /** Whether it can be used on this machine. Found out once. */
  isAvailable(): Promise<boolean>
  /**
   * The recording as OGG/Opus, the only format WhatsApp's phones play as a voice note everywhere. The
   * stream fails with a {@link VoiceEncodingError} when the recording cannot be read, and in any other
   * case as the source does.
   */
  encode(recording: ReadableStream<Uint8Array>): ReadableStream<Uint8Array>
}

/** ffmpeg could not make anything of the recording; it can still be sent as it is. */
export class VoiceEncodingError extends PermanentError {}

export type VoiceEncoderOptions = {
  /** `ffmpeg` from PATH when absent. */
  command?: string
  /** After this it is stuck. As long as an upload may take, which it has to wait for. */
  timeoutMs?: number
}

/** One channel at 48 kHz is what WhatsApp's own recorder makes. Both ends are pipes: no file is written. */
const TO_OPUS =
  '-hide_banner -loglevel error -i pipe:0 -vn -map_metadata -1 -ac 1 -ar 48000 -c:a libopus -b:a 32k -application voip -f ogg pipe:1'

const PROBE_TIMEOUT_MS = 10_000

/** Runs ffmpeg when there is one. */
export function createVoiceEncoder(options: VoiceEncoderOptions = {}): VoiceEncoder {
  const { command = 'ffmpeg', timeoutMs = 10 * 60_000 } = options
  let available: Promise<boolean> | undefined
  return {
    isAvailable: () => {
      available ??= runs(command)
      return available
    },
    encode: (recording) => ReadableStream.from(encode(recording, command, timeoutMs)),
  }
}

async function runs(command: string): Promise<boolean> {
  const probe = spawn(command, ['-version'], { stdio: 'ignore', timeout: PROBE_TIMEOUT_MS })
  return (await ended(probe)) === 'ok'
}

async function* encode(
  recording: ReadableStream<Uint8Array>,
  command: string,
  timeoutMs: number,
): AsyncGenerator<Uint8Array> {
  const ffmpeg = spawn(command, TO_OPUS.split(' '), {
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
  const end = ended(ffmpeg)
  const source = watched(recording)
  // Settles by itself; what went wrong is told apart below.
  const fed = pipeline(Readable.from(source.chunks), ffmpeg.stdin).catch(() => undefined)
  let made = 0
  try {
    for await (const chunk of ffmpeg.stdout) {
      made += chunk.length
      yield chunk
    }
    const result = await end
    await fed
    // To ffmpeg a source that breaks off looks like a recording that is over.
    if (source.failure() !== undefined) throw source.failure()
    if (result !== 'ok' || made === 0) throw notEncoded(result)
  } finally {
    ffmpeg.kill('SIGKILL')
    await fed
  }
}

/** Remembers the failure of a source that is read by somebody else. */
function watched(source: ReadableStream<Uint8Array>) {
  let failure: unknown
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      yield* source
    } catch (error) {
      failure = error
      throw error
    }
  }
  return { chunks: chunks(), failure: () => failure }
}

/** `ok`, or how the process ended instead, in a word that is safe to log. */
async function ended(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = await once(child, 'close')
    return code === 0 ? 'ok' : `ended with ${signal ?? code}`
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return `could not be started (${code})`
  }
}

function notEncoded(result: string): VoiceEncodingError {
  return new VoiceEncodingError(`ffmpeg made no voice note of a recording: ${result}.`, {
    code: 'media.voice_encoding',
    context: { result },
  })
}
