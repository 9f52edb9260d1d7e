import { createHash } from 'node:crypto'
import { lstat, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError } from '../errors.ts'

/** `sun_path` holds 108 bytes on Linux and 104 on macOS, with a zero at the end. */
const MAX_SOCKET_PATH = 103

/**
 * Where the private Redis listens: in its own folder, or, where that path is too long for a socket, in a
 * folder of the system's temporary one that is named after it.
 */
export async function socketPath(dir: string, temporary = tmpdir()): Promise<string> {
  const usual = join(dir, 'redis.sock')
  if (Buffer.byteLength(usual) <= MAX_SOCKET_PATH) return usual
  const hash = createHash('sha256').update(dir).digest('hex').slice(0, 16)
  const folder = join(temporary, `wasender-chatwoot-${hash}`)
  const short = join(folder, 'redis.sock')
  if (Buffer.byteLength(short) > MAX_SOCKET_PATH) throw tooLong(dir)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await assertOurs(folder)
  return short
}

/** Anybody can make folders in the temporary one; only one that nobody else can enter is used. */
async function assertOurs(folder: string): Promise<void> {
  const stat = await lstat(folder)
  const ours = stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0
  if (ours) return
  throw new ConfigError(
    `The folder ${folder} for the socket of the private Redis belongs to somebody else or is open to others. Remove it, or give data.dir a shorter path.`,
    { code: 'redis.socket_folder' },
  )
}

function tooLong(dir: string): ConfigError {
  return new ConfigError(
    `The path ${dir} is too long for a socket and so is the system's temporary folder. Give data.dir a shorter path.`,
    { code: 'redis.socket_path' },
  )
}
