import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import type { Account } from '../../accounts/account.ts'
import type { IngestResult } from '../../bridge/intake/webhooks.ts'
import { withTimeout } from '../../kernel/async.ts'
import {
  type BodyRoom,
  createBodyRoom,
  type Held,
  isAnnouncedTooLarge,
  jsonIn,
  readBody,
  type Unread,
} from './body.ts'
import type { Verify } from './verify.ts'

export type Ingest = (
  account: Account,
  body: unknown,
) => Promise<{ event: string; result: IngestResult }>

/** Told about every webhook, for metrics and the log. */
export type OnWebhook = (webhook: {
  source: 'wasender' | 'chatwoot'
  account: string
  event: string
  result: IngestResult | Refusal | 'not-json' | 'not-stored'
  error?: unknown
  /** What stands in the place of an account's id in the address of one that was refused. */
  addressed?: string | undefined
}) => void

type Refusal = 'unauthorized' | Unread

const received = { received: true } as const

const REFUSALS = {
  unauthorized: [401, 'The signature is missing or wrong.'],
  'too-large': [413, 'The body is larger than 5 MB.'],
  'no-room': [503, 'Too much is being sent at the same time. Try again.'],
  'cut-off': [408, 'The body did not arrive in time.'],
} as const satisfies Record<Refusal, readonly [status: number, error: string]>

/** Time to send the body, for a sender that is not verified yet: as long as Chatwoot itself would wait for an answer. */
const UNPROVEN_MS = 5_000

/** Bodies of those who have proved who they are do not share the room of strangers. */
const provenRoom = createBodyRoom(Number.POSITIVE_INFINITY)

/**
 * A sender that is still writing sees the answer only while somebody reads what it writes: the server does so for half a
 * second after the answer (@hono/node-server). Of a crowd that costs more than it is worth.
 */
const MOST_READ_AFTERWARDS = 2
const AFTERWARDS_MS = 500
const SMALL_BYTES = 64 * 1024

type Admitted = { account: Account; raw: Uint8Array }

/** One kind of webhook: verify, parse, make durable, answer. Nothing is read of what its headers rule out. */
export function createWebhookRoute(options: {
  source: 'wasender' | 'chatwoot'
  paths: string[]
  verify: Verify
  /** For bodies of senders that have proved nothing yet. */
  room: BodyRoom
  ingest: Ingest
  onWebhook: OnWebhook
}): Hono {
  const { source, verify, room, ingest, onWebhook } = options
  const app = new Hono()
  app.get('/*', (c) => c.json(received))

  async function requireSignIn(c: Context): Promise<Admitted | Refusal> {
    if (isAnnouncedTooLarge(c)) return 'too-large'
    const claim = await verify(c)
    if (claim === undefined) return 'unauthorized'
    if ('account' in claim) return readProven(c, claim.account)
    const held = room.enter()
    try {
      return await readUnproven(c, held, claim.prove)
    } finally {
      held.leave()
    }
  }

  const handle = async (c: Context) => {
    const sent = await requireSignIn(c)
    if (typeof sent === 'string') {
      const addressed = c.req.param('account')
      onWebhook({ source, account: '', event: '', result: sent, addressed })
      const [status, error] = REFUSALS[sent]
      if (!isSmall(c) && !readAfterwards()) hangUp(c)
      return c.json({ error }, status)
    }
    const { account, raw } = sent
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

function isSmall(c: Context): boolean {
  return Number(c.req.header('Content-Length') ?? Number.POSITIVE_INFINITY) <= SMALL_BYTES
}

let readingAfterwards = 0

/** Whether there is time to read what one more sender still writes. */
function readAfterwards(): boolean {
  if (readingAfterwards >= MOST_READ_AFTERWARDS) return false
  readingAfterwards += 1
  setTimeout(() => {
    readingAfterwards -= 1
  }, AFTERWARDS_MS).unref()
  return true
}

function hangUp(c: Context): void {
  c.header('Connection', 'close')
  // Once it was asked for, Node does not read the rest of the body either.
  const { incoming } = c.env as HttpBindings
  incoming.read(0)
}

async function readProven(c: Context, account: Account): Promise<Admitted | Refusal> {
  const held = provenRoom.enter()
  try {
    return (await readBody(c, held)) ?? admitted(account, held)
  } finally {
    held.leave()
  }
}

async function readUnproven(
  c: Context,
  held: Held,
  prove: (body: Held) => Promise<Account | undefined>,
): Promise<Admitted | Refusal> {
  const unread = await withTimeout(UNPROVEN_MS, readBody(c, held), () => 'unauthorized' as const)
  if (unread !== undefined) return unread
  const account = await prove(held)
  return account === undefined ? 'unauthorized' : admitted(account, held)
}

function admitted(account: Account, held: Held): Admitted | Refusal {
  const pieces = held.pieces()
  return pieces === undefined ? 'no-room' : { account, raw: Buffer.concat(pieces) }
}
