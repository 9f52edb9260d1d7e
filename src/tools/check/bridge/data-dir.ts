import { access, constants, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type Finding, failed, ok, warning } from '../check.ts'
import type { BridgeCheck } from './context.ts'

const MB = 1_000_000
const LOW_SHARE = 0.05
const LOW_BYTES = 1000 * MB
const FULL_BYTES = 200 * MB

/** Everything the bridge knows is kept there. */
export const dataDir: BridgeCheck = {
  id: 'data.dir',
  title: 'Data folder',
  async run({ config }) {
    try {
      await access(await nearestFolder(config.data.dir), constants.W_OK)
      return [ok('can be written to.')]
    } catch (error) {
      return [notWritable(error)]
    }
  },
}

/** A full disk stops everything: no webhook can be made durable. */
export const disk: BridgeCheck = {
  id: 'data.disk',
  title: 'Disk',
  needs: ['data.dir'],
  async run({ config }) {
    const { bavail, blocks, bsize } = await statfs(await nearestFolder(config.data.dir))
    return [judgeDisk({ free: bavail * bsize, total: blocks * bsize })]
  },
}

/** The folder itself, or the one it will be made in. It is not made here: the bridge may run as another user. */
async function nearestFolder(path: string): Promise<string> {
  const folder = resolve(path)
  try {
    await access(folder)
    return folder
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!isMissing) throw error
    return await nearestFolder(dirname(folder))
  }
}

function notWritable(error: unknown): Finding {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return failed(
    'data.dir.not_writable',
    `data.dir cannot be written to (${code}).`,
    'Give the user of the bridge the folder (chown), mount it writable, or set data.dir to another one.',
  )
}

/** Bytes. */
export function judgeDisk({ free, total }: { free: number; total: number }): Finding {
  const left = `${(free / (1000 * MB)).toFixed(1)} GB free`
  const mend = 'Free space on the disk of data.dir, or set data.dir to a larger one.'
  if (free < FULL_BYTES) return failed('data.disk.full', `${left}: no webhook can be kept.`, mend)
  if (free < LOW_BYTES || free < total * LOW_SHARE) {
    return warning('data.disk.low', `${left}, which is nearly full.`, mend)
  }
  return ok(`${left}.`)
}
