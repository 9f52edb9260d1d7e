import { type Context, Hono } from 'hono'
import { lidJid, pnJid, readAddress } from './addresses.ts'
import { requireConnected } from './auth.ts'
import type { Profile } from './directory.ts'
import { type Env, ok, readFields, refuse } from './http.ts'
import { listPage } from './paginate.ts'
import type { World } from './state.ts'

type Parts = Pick<World, 'directory'>

/** People and their addresses (docs/platforms/wasender.md#people-and-addresses); behind the session key. */
export function contactRoutes(parts: Parts): Hono<Env> {
  const { directory } = parts
  const app = new Hono<Env>()
  app.use('/contacts/*', requireConnected)
  app.get('/contacts', requireConnected, (c) => ok(c, listPage(c, directory.all().map(row))))
  app.put('/contacts', requireConnected, (c) => save(c, parts))
  app.get('/contacts/:phone', (c) => withPerson(c, parts, 'phone', (who) => ok(c, details(who))))
  app.get('/contacts/:phone/picture', (c) =>
    withPerson(c, parts, 'phone', (who) => ok(c, { imgUrl: who.imgUrl ?? null })),
  )
  app.post('/contacts/:phone/block', (c) => block(c, parts, true))
  app.post('/contacts/:phone/unblock', (c) => block(c, parts, false))
  return app
}

/** From one kind of address to another. */
export function lookupRoutes(parts: Parts): Hono<Env> {
  const { directory } = parts
  const app = new Hono<Env>()
  app.get('/on-whatsapp/:id', requireConnected, (c) =>
    ok(c, { exists: directory.resolve(c.req.param('id')) !== undefined }),
  )
  app.get('/fetch-username/:id', requireConnected, (c) =>
    withPerson(c, parts, 'id', (who) =>
      ok(c, { jid: pnJid(who.phone), username: who.username ?? null }),
    ),
  )
  app.get('/lid-from-pn/:pn', requireConnected, (c) => {
    const lid = directory.resolve(c.req.param('pn'))?.lid
    return lid === undefined ? refuse(c, 404, 'LID not found.') : ok(c, { lid: lidJid(lid) })
  })
  app.get('/pn-from-lid/:lid', requireConnected, (c) => {
    const id = c.req.param('lid')
    const who = readAddress(id).kind === 'lid' ? directory.find(id) : undefined
    if (who === undefined || who.hidePhone) return refuse(c, 404, 'LID not found or invalid.')
    return ok(c, { pn: pnJid(who.phone) })
  })
  return app
}

const details = (who: Profile) => ({
  id: pnJid(who.phone),
  name: who.savedName ?? null,
  notify: who.name,
  verifiedName: null,
  imgUrl: who.imgUrl ?? null,
  status: who.about ?? null,
})

function row(who: Profile) {
  const { id, ...fields } = details(who)
  return { jid: id, ...fields }
}

function withPerson(
  c: Context<Env>,
  { directory }: Parts,
  parameter: 'phone' | 'id',
  work: (who: Profile) => Response,
) {
  const who = directory.resolve(c.req.param(parameter) ?? '')
  return who === undefined ? refuse(c, 404, 'Contact not found.') : work(who)
}

function block(c: Context<Env>, parts: Parts, blocked: boolean) {
  return withPerson(c, parts, 'phone', (who) => {
    who.blocked = blocked
    return ok(c, { message: blocked ? 'Contact blocked' : 'Contact unblocked' })
  })
}

async function save(c: Context<Env>, { directory }: Parts) {
  const { jid, fullName } = await readFields(c)
  if (typeof jid !== 'string') return refuse(c, 422, 'The jid field is required.')
  const who = directory.resolve(jid)
  if (who === undefined) return refuse(c, 404, 'Contact not found.')
  if (typeof fullName === 'string') who.savedName = fullName
  return ok(c, { jid, fullName: fullName ?? null })
}
