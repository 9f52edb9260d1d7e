import { type Context, Hono } from 'hono'
import type { Account } from '../account.ts'
import type { IngestResult } from '../delivery/intake/ingest-wasender.ts'
import { jsonIn, readBody } from './body.ts'

export type Ingest = (
  account: Account,
  body: unknown,
) => Promise<{ event: string; result: IngestResult }>

/** Told about every webhook, for metrics and the log. */
export type OnWebhook = (webhook: {
  source: 'wasender' | 'chatwoot'
  account: string
  event: string
  result: IngestResult | 'unauthorized' | 'too-large' | 'not-json' | 'not-stored'
  error?: unknown
}) => void

/** Which account a request belongs to, if it can prove it. The body is not parsed before. */
export type Verify = (c: Context, raw: Uint8Array) => Promise<Account | undefined>

const received = { received: true } as const

/** One kind of webhook: verify, parse, make durable, answer. */
export function createWebhookRoute(options: {
  source: 'wasender' | 'chatwoot'
  paths: string[]
  verify: Verify
  ingest: Ingest
  onWebhook: OnWebhook
}): Hono {
  const { source, verify, ingest, onWebhook } = options
  const app = new Hono()
  app.get('/*', (c) => c.json(received))

  const handle = async (c: Context) => {
    const raw = await readBody(c)
    if (raw === undefined) {
      onWebhook({ source, account: '', event: '', result: 'too-large' })
      return c.json({ error: 'The body is larger than 5 MB.' }, 413, { Connection: 'close' })
    }
    const account = await verify(c, raw)
    if (account === undefined) {
      onWebhook({ source, account: '', event: '', result: 'unauthorized' })
      return c.json({ error: 'The signature is missing or wrong.' }, 401)
    }
    const report = { source, account: account.id }
    const json = jsonIn(raw)
    if (json === undefined) {
      onWebhook({ ...report, event: '', result: 'not-json' })
      return c.json({ error: 'The body is not JSON.' }, 400)
    }
    try {
      onWebhook({ ...report, ...(await ingest(account, json.value)) })
      return c.json(received)
    } catch (error) {
      // Not durable, so not received: WasenderAPI delivers again shortly after an error.
      onWebhook({ ...report, event: '', result: 'not-stored', error })
      return c.json({ error: 'It could not be stored. Try again.' }, 503)
    }
  }
  for (const path of options.paths) app.post(path, handle)
  return app
}
