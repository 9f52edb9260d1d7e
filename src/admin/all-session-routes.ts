import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Account } from '../account.ts'
import { BridgeError } from '../errors.ts'
import { allSessions } from '../session/all-sessions.ts'
import { noToken } from '../session/session-errors.ts'
import { newSession, sessionChanges } from '../session/session-input.ts'
import { sessionView } from '../session/session-view.ts'
import { BadQueryError, badQuery, positive, readQuery } from './read-query.ts'
import { sessionErrorAnswer } from './session-error-answer.ts'

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
