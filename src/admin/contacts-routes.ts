import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { z } from 'zod'
import type { Account } from '../account.ts'
import type { Progress } from '../contacts-import/progress.ts'
import type { RunningImports } from '../contacts-import/running-imports.ts'
import { positive, readQuery } from './read-query.ts'

export type ContactsRoutesDeps = { accounts: readonly Account[]; imports: RunningImports }

const query = z.object({
  dryRun: z.stringbool({ error: 'expected true or false' }).default(false),
  limit: positive.optional(),
})

/**
 * `POST /accounts/{id}/contacts/import`: brings WhatsApp's contacts into Chatwoot and tells of each as a line of JSON, the
 * last one being `end` or `stopped`. Hanging up stops it.
 */
export function createContactsRoutes({ accounts, imports }: ContactsRoutesDeps): Hono {
  const app = new Hono()
  app.post('/:id/contacts/import', (c) => {
    const options = readQuery(c, query)
    const account = accounts.find(({ id }) => id === c.req.param('id'))
    if (account === undefined) return c.json({ error: 'There is no such account.' }, 404)
    if (!imports.mayBegin(account)) {
      return c.json({ error: 'An import of this account is running already.' }, 409)
    }
    c.header('Content-Type', 'application/x-ndjson')
    return stream(c, async (out) => {
      const hungUp = new AbortController()
      out.onAbort(() => hungUp.abort())
      const tell = async (progress: Progress) => {
        await out.writeln(JSON.stringify(progress))
      }
      await imports.run(account, { ...options, signal: hungUp.signal, tell })
    })
  })
  return app
}
