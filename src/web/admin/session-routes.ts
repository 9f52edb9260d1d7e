import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Account } from '../../accounts/account.ts'
import { noToken } from '../../accounts/credentials/session-errors.ts'
import { BridgeError, isRetryable, PermanentError } from '../../kernel/errors.ts'
import { qrSvg } from '../../operators/qr-code.ts'
import { managedOf, type SessionControl } from '../../operators/session-control.ts'
import { newSession, sessionChanges } from '../../operators/session-input.ts'
import {
  allSessions,
  messageLogView,
  sessionLogView,
  sessionView,
} from '../../operators/session-view.ts'
import { BadQueryError, badQuery, positive, positiveUpTo, readQuery } from './read-query.ts'

type SessionRoutesDeps = { accounts: readonly Account[]; sessions: SessionControl }

const pageQuery = z.object({ page: positive.default(1), perPage: positiveUpTo(100).default(20) })
const messagesQuery = pageQuery.extend({
  status: z
    .enum(['sent', 'failed', 'in_progress'], { error: 'expected sent, failed or in_progress' })
    .optional(),
})

/** `/accounts/{id}/session`: how an account's WhatsApp session is, and what can be done with it. */
export function createSessionRoutes({ accounts, sessions }: SessionRoutesDeps): Hono {
  const app = new Hono()
  const base = '/:account/session'
  const on = (work: (c: Context, account: Account) => Promise<Response>) => async (c: Context) => {
    const account = accounts.find(({ id }) => id === c.req.param('account'))
    if (account !== undefined) return work(c, account)
    return c.json({ error: 'There is no account of that name.' }, 404)
  }
  const done = (act: (account: Account) => Promise<unknown>) =>
    on(async (c, account) => {
      await act(account)
      return c.json({ done: true })
    })

  app.get(
    base,
    on(async (c, account) => c.json(await sessions.state(account))),
  )
  app.post(
    `${base}/connect`,
    on(async (c, account) => {
      const result = await sessions.connect(account)
      return c.json({ status: result.status === 'other' ? result.session : result.status })
    }),
  )
  app.post(`${base}/disconnect`, done(sessions.disconnect))
  app.post(`${base}/restart`, done(sessions.restart))
  app.post(`${base}/regenerate-key`, done(sessions.regenerateKey))
  app.get(
    `${base}/qr`,
    on(async (c, account) => answerQr(c, await sessions.qr(account))),
  )
  app.get(
    `${base}/logs`,
    on(async (c, account) => {
      const { sessions: gateway, id } = await managedOf(account)
      const { items, totalPages } = await gateway.sessionLogs(id, readQuery(c, pageQuery))
      return c.json({ logs: items.map(sessionLogView), totalPages: totalPages ?? null })
    }),
  )
  app.get(
    `${base}/message-logs`,
    on(async (c, account) => {
      const { status, ...page } = readQuery(c, messagesQuery)
      const { sessions: gateway, id } = await managedOf(account)
      const query = status === undefined ? page : { ...page, status }
      const { items, totalPages } = await gateway.messageLogs(id, query)
      return c.json({ messages: items.map(messageLogView), totalPages: totalPages ?? null })
    }),
  )
  app.onError((error, c) => {
    if (error instanceof BridgeError && !(error instanceof BadQueryError)) {
      return sessionErrorAnswer(c, error)
    }
    throw error
  })
  return app
}

/** As a picture for those who want one. */
async function answerQr(c: Context, { qr, expiresAt }: { qr: string; expiresAt: number }) {
  c.header('Vary', 'Accept')
  if (c.req.header('Accept')?.includes('image/svg+xml')) {
    return c.body(await qrSvg(qr), 200, { 'Content-Type': 'image/svg+xml' })
  }
  return c.json({ qr, expiresAt: new Date(expiresAt).toISOString() })
}

/** What an admin asked for does not fit the state of things. */
const CONFLICTS = new Set([
  'session.no_token',
  'session.not_found',
  'session.connected',
  'session.no_qr',
  'wasender.not_connected',
])

/** The gateway does not know the id that was asked for. */
const MISSING = new Set(['wasender.not_found'])

/** An error of a session's management: its words and its code, under a status that says whose it is. */
function sessionErrorAnswer(c: Context, error: BridgeError): Response {
  return c.json({ error: error.message, code: error.code }, statusOf(error))
}

function statusOf(error: BridgeError): 404 | 409 | 502 | 503 {
  if (CONFLICTS.has(error.code)) return 409
  if (MISSING.has(error.code)) return 404
  // Refused for good, or nobody knows: the platform's doing, not that of the bridge.
  if (error instanceof PermanentError || !isRetryable(error)) return 502
  return 503
}

const accountQuery = z.object({ account: z.string().optional() })

/** `/sessions`: every session of the WasenderAPI accounts whose personal access token is configured. */
export function createAllSessionRoutes({ accounts }: { accounts: readonly Account[] }): Hono {
  const app = new Hono()

  function chosen(c: Context): Account[] {
    const { account } = readQuery(c, accountQuery)
    const found = accounts.filter(({ id }) => account === undefined || id === account)
    if (found.length === 0) throw badQuery('account: there is none of that name')
    return found
  }

  /** Whose token it goes by: that of the named account, or of the first that has one. */
  function gateway(c: Context) {
    const named = chosen(c)
    const managing = named.find(({ managedSession }) => managedSession !== undefined)
    if (managing === undefined) throw noToken(named.map(({ id }) => id).join(', '))
    return managing.wasender.sessions
  }

  app.get('/', async (c) => c.json({ sessions: await allSessions(chosen(c)) }))
  app.post('/', async (c) => {
    const created = await gateway(c).create(await readBody(c, newSession))
    return c.json(sessionView(created), 201)
  })
  app.get('/:id', async (c) => c.json(sessionView(await gateway(c).get(idOf(c)))))
  app.put('/:id', async (c) => {
    const changes = await readBody(c, sessionChanges)
    const { session, warning } = await gateway(c).update(idOf(c), changes)
    return c.json({ ...sessionView(session), warning: warning ?? null })
  })
  app.delete('/:id', async (c) => {
    await gateway(c).remove(idOf(c))
    return c.json({ done: true })
  })
  app.onError((error, c) => {
    if (error instanceof BridgeError && !(error instanceof BadQueryError)) {
      return sessionErrorAnswer(c, error)
    }
    throw error
  })
  return app
}

function idOf(c: Context): number {
  const parsed = positive.safeParse(c.req.param('id'))
  if (!parsed.success) throw badQuery('expected the number of a session')
  return parsed.data
}

async function readBody<Shape extends z.ZodType>(
  c: Context,
  shape: Shape,
): Promise<z.output<Shape>> {
  const body: unknown = await c.req.json().catch(() => undefined)
  const parsed = shape.safeParse(body)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => [...path, message].join(': '))
  throw badQuery(problems.join('; '))
}
