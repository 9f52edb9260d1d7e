import type { SessionStatus } from '../wasender/session.ts'
import type { Actions } from './action.ts'
import type { DemoStage } from './stage.ts'

/** A refusal for good (docs/platforms/wasender.md#refusals), so that a failed message and its Retry can be seen. */
const REFUSED_ONCE = {
  kind: 'answer',
  path: '/api/send-message',
  status: 422,
  body: { success: false, message: 'The demo was asked to refuse this message.' },
  times: 1,
} as const

/** What can be done to the platforms. */
export const TROUBLE_ACTIONS: Actions = {
  'session/log-out': logOut,
  'session/scan': scan,
  'next-send/refuse': ({ world }) => world.wasender.faults.add(REFUSED_ONCE),
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
