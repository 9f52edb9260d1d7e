import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** The releases of Chatwoot that bodies were recorded from; their files hold invented people and tokens. */
export const RECORDED_VERSIONS = ['4.15.1', '4.4.0'] as const
export type RecordedVersion = (typeof RECORDED_VERSIONS)[number]

/** One body as a real Chatwoot sent it: an answer (with its request's line) or a webhook (without). */
export type RecordedBody = {
  /** What it is and the step it belongs to, as in `webhook.message_created.incoming.text`. */
  name: string
  method?: string | undefined
  path?: string | undefined
  status?: number | undefined
  body: unknown
}

const line = z.union([
  z.object({ same: z.unknown() }),
  z.object({
    name: z.string(),
    method: z.string().optional(),
    path: z.string().optional(),
    status: z.number().optional(),
    body: z.unknown().optional(),
  }),
])

/**
 * All bodies of one release. A file has one of them per line; what several have in common stands once, in a line
 * `{"same": …}` before them, and `{"$same": n}` means the one in the nth of these lines.
 */
export function recordedBodies(version: RecordedVersion): RecordedBody[] {
  const text = readFileSync(join(import.meta.dirname, `${version}.jsonl`), 'utf8')
  const shared: unknown[] = []
  const bodies: RecordedBody[] = []
  for (const each of text.trimEnd().split('\n')) {
    const read = line.parse(JSON.parse(each))
    if ('same' in read) shared.push(filled(read.same, shared))
    else bodies.push({ ...read, body: filled(read.body, shared) })
  }
  return bodies
}

const reference = z.strictObject({ $same: z.number() })

function filled(value: unknown, shared: readonly unknown[]): unknown {
  if (Array.isArray(value)) return value.map((item) => filled(item, shared))
  if (typeof value !== 'object' || value === null) return value
  const same = reference.safeParse(value)
  if (same.success) return structuredClone(shared[same.data.$same])
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, filled(inner, shared)]),
  )
}
