import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { HonoAdapter } from '@bull-board/hono'
import { serveStatic } from '@hono/node-server/serve-static'
import type { Queue } from 'bullmq'
import { Hono, type MiddlewareHandler } from 'hono'
import { boardHeaders } from './pages/security-headers.ts'
import { type AdmitToPagesDeps, admitToPages, type SignedIn } from './sign-in/require-sign-in.ts'

/** `/admin/queues`: BullMQ's own view of the jobs, to look at only. Jobs merely point at lanes. */
export function createQueueBoard(deps: AdmitToPagesDeps & { queues: readonly Queue[] }) {
  const adapter = new HonoAdapter(serveStatic).setBasePath('/admin/queues')
  createBullBoard({
    queues: deps.queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'WhatsApp bridge', miscLinks: [BACK] } },
  })
  const app = new Hono<SignedIn>()
  app.use('*', boardHeaders, admitToPages(deps), onlyLook, keepPrivate)
  app.route('/', adapter.registerPlugin())
  return app
}

const BACK = { text: 'Back to the bridge', url: '/admin' }

const onlyLook: MiddlewareHandler = async (c, next) => {
  return c.req.method === 'GET'
    ? next()
    : c.json({ error: 'The queues can only be looked at.' }, 405)
}

/** Names of lanes hold numbers of people. */
const NUMBERS = /\b(pn|lid|group):[\w@.-]*?([\w@.-]{0,4})(?=["\\/?&]|$)/g
/** The board asks another host for its letters; without them it takes those of the system. */
const FOREIGN_STYLES = /<link href="https:[^>]*>/g
const REWRITTEN = /^(?:application\/json|text\/html)/

/** Takes out of what the board answers what nobody has to see or ask for. */
const keepPrivate: MiddlewareHandler = async (c, next) => {
  await next()
  if (!REWRITTEN.test(c.res.headers.get('Content-Type') ?? '')) return
  const text = await c.res.text()
  const { status, headers } = c.res
  const rewritten = text.replaceAll(NUMBERS, '$1:…$2').replaceAll(FOREIGN_STYLES, '')
  headers.delete('Content-Length')
  c.res = new Response(rewritten, { status, headers })
}
