import { type Context, Hono } from 'hono'
import { cors } from 'hono/cors'
import { streamSSE } from 'hono/streaming'
import { z } from 'zod'
import { digitsOf } from './addresses.ts'
import { type Change, changeView } from './changes.ts'
import { act } from './control-actions.ts'
import { faultsRequest, personRequest } from './control-requests.ts'
import type { Env } from './http.ts'
import type { PhoneMessage } from './phones.ts'
import { SESSION_STATUSES } from './session.ts'
import { sessionRow } from './session-body.ts'
import type { Controls } from './stand-in.ts'
import type { World } from './state.ts'

type Parts = { controls: Controls; world: World }

/** The control surface under `/_sandbox`, for the demo page and for tests in other processes. */
export function controlRoutes(parts: Parts): Hono<Env> {
  const { controls, world } = parts
  const app = new Hono<Env>().basePath('/_sandbox')
  // The demo page may come from another port of this machine, but from no other machine.
  app.use('*', cors({ origin: (origin) => (isLocal(origin) ? origin : null) }))
  app.get('/state', (c) => c.json(stateOf(parts)))
  app.get('/events', (c) => eventStream(c, controls))
  app.get('/people/:phone/messages', (c) =>
    c.json({ messages: controls.chat(c.req.param('phone')).map(messageView) }),
  )
  app.post('/people/:phone/messages', (c) => speak(c, controls))
  app.post('/faults', (c) => setFaults(c, controls))
  app.delete('/faults', (c) => {
    controls.faults.clear()
    for (const name of Object.keys(controls.webhookFaults)) {
      Reflect.deleteProperty(controls.webhookFaults, name)
    }
    return c.body(null, 204)
  })
  app.post('/sessions/:id/status', (c) => setStatus(c, parts))
  app.post('/sessions/:id/scan', async (c) => {
    const session = world.sessions.find(Number(c.req.param('id')))
    if (session === undefined) return c.json({ error: 'No such session' }, 404)
    await controls.scan(session.id)
    return c.json(sessionRow(session))
  })
  app.post('/sessions/:id/typed', (c) => typeOnPhone(c, parts))
  return app
}

function isLocal(origin: string): boolean {
  if (!URL.canParse(origin)) return false
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(origin).hostname)
}

/** A request that is not understood: says why, in zod's words. */
const badRequest = (c: Context, error: z.ZodError) => c.json({ error: z.prettifyError(error) }, 400)

async function parse<T extends z.ZodType>(c: Context, schema: T) {
  return schema.safeParse(await c.req.json().catch(() => undefined))
}

async function speak(c: Context<Env>, controls: Controls) {
  const parsed = await parse(c, personRequest)
  if (!parsed.success) return badRequest(c, parsed.error)
  const phone = digitsOf(c.req.param('phone') ?? '')
  return c.json(await act(controls, phone, parsed.data), 201)
}

async function setFaults(c: Context<Env>, controls: Controls) {
  const parsed = await parse(c, faultsRequest)
  if (!parsed.success) return badRequest(c, parsed.error)
  const { api = [], webhooks, echo } = parsed.data
  for (const fault of api) controls.faults.add(fault)
  Object.assign(controls.webhookFaults, webhooks)
  Object.assign(controls.echo, echo)
  const { faults, webhookFaults } = controls
  return c.json({ api: faults.list(), webhooks: webhookFaults, echo: controls.echo })
}

async function setStatus(c: Context<Env>, { controls, world }: Parts) {
  const parsed = await parse(c, z.object({ status: z.enum(SESSION_STATUSES) }))
  if (!parsed.success) return badRequest(c, parsed.error)
  const session = world.sessions.find(Number(c.req.param('id')))
  if (session === undefined) return c.json({ error: 'No such session' }, 404)
  await controls.setStatus(session.id, parsed.data.status)
  return c.json(sessionRow(session))
}

async function typeOnPhone(c: Context<Env>, { controls, world }: Parts) {
  const parsed = await parse(c, z.object({ to: z.string(), text: z.string() }))
  if (!parsed.success) return badRequest(c, parsed.error)
  const session = world.sessions.find(Number(c.req.param('id')))
  if (session === undefined) return c.json({ error: 'No such session' }, 404)
  const { to, text } = parsed.data
  const { keyId } = controls.ownerOf(session.id).typeOnPhone(to, text)
  return c.json({ keyId }, 201)
}

function stateOf({ controls, world }: Parts) {
  return {
    sessions: world.sessions.all().map((session) => ({ ...sessionRow(session), qr: session.qr })),
    people: world.directory.all(),
    groups: world.sessions.all().flatMap((session) =>
      world.groups.ofSession(session).map(({ jid, subject, members }) => ({
        jid,
        subject,
        members: [...members.keys()],
      })),
    ),
    faults: controls.faults.list(),
    webhookFaults: controls.webhookFaults,
    echo: controls.echo,
    calls: controls.calls.length,
    webhooks: controls.webhookLog.length,
  }
}

/** The node is left out: the page shows what a person sees. */
function messageView({ node: _node, ...message }: PhoneMessage) {
  return message
}

function eventStream(c: Context<Env>, controls: Controls) {
  return streamSSE(c, async (stream) => {
    const send = (change: Change) =>
      stream.writeSSE({ event: change.kind, data: JSON.stringify(changeView(change)) })
    let last = stream.writeSSE({ event: 'ready', data: '{}' })
    const unsubscribe = controls.subscribe((change) => {
      last = last.then(() => send(change))
    })
    await new Promise<void>((resolve) => stream.onAbort(resolve))
    unsubscribe()
    await last
  })
}
