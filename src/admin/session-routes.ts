import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Account } from '../account.ts'
import { BridgeError } from '../errors.ts'
import { managedOf } from '../session/create-session-control.ts'
import { qrSvg } from '../session/qr-code.ts'
import type { SessionControl } from '../session/session-control.ts'
import { messageLogView, sessionLogView } from '../session/session-view.ts'
import { BadQueryError, positive, positiveUpTo, readQuery } from './read-query.ts'
import { sessionErrorAnswer } from './session-error-answer.ts'

export type SessionRoutesDeps = { accounts: readonly Account[]; sessions: SessionControl }

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
