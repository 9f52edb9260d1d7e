import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { z } from 'zod'
import type { Account } from '../../accounts/account.ts'
import type { ContactsForget } from '../../bridge/forget/contacts-forget.ts'
import type { Kept } from '../../bridge/forget/kept.ts'
import { readPerson } from '../../bridge/forget/person.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { Progress } from '../../operators/contacts-import/progress.ts'
import type { RunningImports } from '../../operators/contacts-import/running-imports.ts'
import type { Who } from '../../platforms/wasender/jid.ts'
import { badQuery, positive, readQuery } from './read-query.ts'

type PeopleRoutesDeps = { accounts: readonly AccountId[]; forget: ContactsForget }

const query = z.object({
  person: z.string({ error: 'expected a number such as +12025550143, or a JID' }),
  account: z.string().optional(),
})

/**
 * `GET /people?person=`: what is kept of somebody, per account, in numbers. `DELETE` erases it and answers the same. The
 * person is a phone number, or the JID of a LID.
 */
export function createPeopleRoutes({ accounts, forget }: PeopleRoutesDeps): Hono {
  const app = new Hono()

  function read(given: z.output<typeof query>): { who: Who; among: readonly AccountId[] } {
    const who = readPerson(given.person)
    if (who === undefined)
      throw badQuery('person: expected a number such as +12025550143, or a JID')
    const among = accounts.filter((id) => given.account === undefined || id === given.account)
    if (among.length === 0) throw badQuery('account: there is none of that name')
    return { who, among }
  }

  app.get('/', async (c) => {
    const { who, among } = read(readQuery(c, query))
    return c.json({ kept: await oneByOne(among, (id) => forget.find(id, { who })) })
  })
  app.delete('/', async (c) => {
    const { who, among } = read(readQuery(c, query))
    return c.json({ forgotten: await oneByOne(among, (id) => forget.erase(id, { who })) })
  })
  return app
}

/** One account after the other: each look goes through all that is kept. */
export async function oneByOne(
  accounts: readonly AccountId[],
  work: (account: AccountId) => Promise<Kept>,
): Promise<Kept[]> {
  const done: Kept[] = []
  for (const account of accounts) done.push(await work(account))
  return done
}

type ContactsRoutesDeps = { accounts: readonly Account[]; imports: RunningImports }

const importQuery = z.object({
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
    const options = readQuery(c, importQuery)
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
