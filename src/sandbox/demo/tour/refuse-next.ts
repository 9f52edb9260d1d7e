import type { DemoWorld } from '../world.ts'

/** WhatsApp's side refuses the next message for good (docs/platforms/wasender.md#refusals). */
export function refuseNext({ wasender }: DemoWorld): void {
  const body = { success: false, message: 'The tour refuses this message.' }
  wasender.faults.add({ kind: 'answer', path: '/api/send-', status: 422, times: 1, body })
}
