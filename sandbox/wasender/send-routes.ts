import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { requireConnected } from './auth.ts'
import { deny, type Env, invalid, noRoute, ok, readFields } from './http.ts'
import { type ContentField, sendRequest } from './send-request.ts'
import type { Sending } from './sending.ts'
import type { Settings } from './settings.ts'
import type { World } from './state.ts'
import { createThrottle } from './throttle.ts'

/** The older spelling of the routes and the field each of them needs (docs/platforms/wasender.md#send-routes-by-kind). */
const PER_TYPE: Record<string, ContentField | 'text' | 'replyTo'> = {
  '/send-text': 'text',
  '/send-image': 'imageUrl',
  '/send-video': 'videoUrl',
  '/send-document': 'documentUrl',
  '/send-audio': 'audioUrl',
  '/send-location': 'location',
  '/send-contact': 'contact',
  '/send-poll': 'poll',
  '/send-quoted': 'replyTo',
}

type Parts = Pick<World, 'outbox' | 'clock' | 'settings'> & { sending: Sending }

/** `POST /send-message`, or one route per kind; behind the session key. */
export function sendRoutes({ outbox, clock, settings, sending }: Parts): Hono<Env> {
  const app = new Hono<Env>()
  const throttle = createThrottle(clock, settings)

  const send = (needed?: string) => async (c: Context<Env>) => {
    const fields = await readFields(c)
    const parsed = sendRequest.safeParse(fields)
    if (!parsed.success) return invalid(c, parsed.error)
    if (needed !== undefined && fields[needed] === undefined) {
      return deny(c, 422, 'Validation failed', { [needed]: [`The ${needed} field is required.`] })
    }
    const session = c.get('session')
    const quoted = parsed.data.replyTo
    if (quoted !== undefined && outbox.find(quoted)?.sessionId !== session.id) {
      const errors = { replyTo: ['The selected reply to is invalid.'] }
      return deny(c, 422, 'Validation failed', errors)
    }
    const outgoing = outbox.accept(session.id, parsed.data)
    await sending.start(session, outgoing)
    return ok(c, { msgId: outgoing.msgId, jid: parsed.data.to, status: 'in_progress' })
  }

  const unified = onlyWith(settings, 'unified')
  app.post('/send-message', unified, requireConnected, throttle, send())
  for (const [path, needed] of Object.entries(PER_TYPE)) {
    app.post(path, onlyWith(settings, 'per-type'), requireConnected, throttle, send(needed))
  }
  return app
}

/** Routes of one spelling; with the other one they do not exist. */
export function onlyWith(
  settings: Settings,
  spelling: 'unified' | 'per-type',
): MiddlewareHandler<Env> {
  return async (c, next) =>
    settings.routes === 'both' || settings.routes === spelling ? await next() : noRoute(c)
}
