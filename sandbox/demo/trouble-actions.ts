import { z } from 'zod'
import type { SessionStatus } from '../wasender/session.ts'
import { type Actions, action } from './action.ts'
import { REFUSALS, refuseNext } from './refusals.ts'
import type { DemoStage } from './stage.ts'

const REFUSAL_IDS = REFUSALS.map(({ id }) => id)

/** What can be done to the platforms. */
export const TROUBLE_ACTIONS: Actions = {
  'session/log-out': logOut,
  'session/scan': scan,
  'next-send/refuse': action(z.object({ refusal: z.enum(REFUSAL_IDS) }), ({ world }, _id, body) =>
    refuseNext(world, body.refusal),
  ),
}

/** WhatsApp drops the device; the gateway then shows a QR code. */
async function logOut({ world: { wasender } }: DemoStage): Promise<void> {
  const { id } = wasender.session()
  const steps: SessionStatus[] = ['logged_out', 'need_scan']
  for (const status of steps) await wasender.setStatus(id, status)
}

/** The phone is held to the code that the helpdesk and the admin page show. */
function scan({ world: { wasender } }: DemoStage): Promise<void> {
  const { id, status } = wasender.session()
  if (status !== 'need_scan') throw new Error(`There is no QR code to scan while it is ${status}`)
  return wasender.scan(id)
}
