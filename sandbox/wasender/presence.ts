import { Hono } from 'hono'
import { readAddress } from './addresses.ts'
import { requireConnected } from './auth.ts'
import { deny, type Env, ok, readFields, refuse } from './http.ts'
import type { World } from './state.ts'

const TYPES = ['composing', 'recording', 'paused', 'available', 'unavailable']

/** `POST /send-presence-update` (docs/platforms/wasender.md#read-marks-and-typing). */
export function presenceRoutes({ changes }: Pick<World, 'changes'>): Hono<Env> {
  return new Hono<Env>().post('/send-presence-update', requireConnected, async (c) => {
    const { jid, type } = await readFields(c)
    if (typeof jid !== 'string' || !jid.includes('@') || readAddress(jid).kind === 'invalid') {
      return refuse(c, 400, 'Error sending presence update: Invalid JID provided.')
    }
    if (typeof type !== 'string' || !TYPES.includes(type)) {
      return deny(c, 422, 'Validation failed', { type: ['The selected type is invalid.'] })
    }
    changes.emit({ kind: 'presence', sessionId: c.get('session').id, jid, type })
    return ok(c, { jid, type })
  })
}
