import { Hono } from 'hono'
import { z } from 'zod'
import type { ContactsForget } from '../contacts-forget/contacts-forget.ts'
import type { Kept } from '../contacts-forget/kept.ts'
import { readPerson } from '../contacts-forget/person.ts'
import type { Who } from '../identity/people.ts'
import type { AccountId } from '../ids.ts'
import { badQuery, readQuery } from './read-query.ts'

export type PeopleRoutesDeps = { accounts: readonly AccountId[]; forget: ContactsForget }

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
