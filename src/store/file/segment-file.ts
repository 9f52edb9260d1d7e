import { readFile } from 'node:fs/promises'
import type { Adapter } from 'lowdb'
import { z } from 'zod'
import { ConfigError } from '../../errors.ts'
import { systemCode, writeDurably } from './durable-file.ts'

/** Version of the file format. A release that changes it reads the older ones too. */
const VERSION = 1

/** Most entries a segment may hold: a position takes ten bits of a ref (`segment-shelf.ts`). */
export const MOST_ENTRIES = 1024

const envelopeSchema = z.looseObject({ version: z.number() })

const segmentSchema = z.looseObject({
  entries: z.array(z.tuple([z.string(), z.number(), z.number(), z.unknown()])).max(MOST_ENTRIES),
})

/**
 * lowdb adapter for one segment: its data are lines of JSON (`entry.ts`), the file is one JSON object with an
 * entry per line. Writing is atomic and durable.
 *
 * @throws ConfigError from `read` when the file is no segment. Nothing is dropped silently: the operator decides.
 */
export function createSegmentFile(path: string): Adapter<string[]> {
  return {
    read: async () => {
      const text = await readText(path)
      return text === null ? null : parseSegment(path, text)
    },
    write: (lines) =>
      writeDurably(path, `{"version":${VERSION},"entries":[\n${lines.join(',\n')}\n]}\n`),
  }
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const code = systemCode(cause)
    if (code === 'ENOENT') return null
    throw new ConfigError(`${path} cannot be read: ${code}. Give the bridge's user access to it.`, {
      code: 'store.segment_unreadable',
      context: { file: path, system: code },
      cause,
    })
  }
}

function parseSegment(path: string, text: string): string[] {
  const data = parseJson(text)
  const envelope = envelopeSchema.safeParse(data)
  if (envelope.success && envelope.data.version > VERSION) {
    throw new ConfigError(
      `${path} has format ${envelope.data.version}; this release knows format ${VERSION}. ` +
        'A newer bridge wrote it: start that release again.',
      { code: 'store.segment_too_new', context: { file: path, version: envelope.data.version } },
    )
  }
  const segment = segmentSchema.safeParse(data)
  if (envelope.success && segment.success) {
    return segment.data.entries.map((entry) => JSON.stringify(entry))
  }
  throw new ConfigError(
    `${path} is damaged. Put a backup of this file in its place, or move it out of the folder: the bridge ` +
      'then starts without what only this file knew (about a thousand messages, chats or addresses).',
    { code: 'store.segment_damaged', context: { file: path } },
  )
}

/** `undefined` when it is not JSON; the parser's message would quote customer data. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
