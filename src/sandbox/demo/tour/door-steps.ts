import { ACCOUNT } from '../config.ts'
import { expectThat, type Step } from './step.ts'

/** Headers a stranger would send, by platform. */
const FORGED = {
  wasender: { 'x-webhook-signature': 'not-the-secret' },
  chatwoot: { 'x-chatwoot-timestamp': '1', 'x-chatwoot-signature': `sha256=${'0'.repeat(64)}` },
} as const

/** What the bridge answers at its own door. */
export const DOOR_STEPS: readonly Step[] = [
  {
    name: 'it is ready',
    direction: 'bridge',
    async run({ bridge }) {
      const { status } = await fetch(`${bridge.url}/readyz`)
      expectThat(status === 200, `/readyz should answer 200, not ${status}.`)
    },
  },
  {
    name: 'a webhook with a wrong secret is refused',
    direction: 'bridge',
    async run({ bridge, chatwoot }) {
      const before = chatwoot.allMessages().length
      for (const [platform, forged] of Object.entries(FORGED)) {
        const { status } = await fetch(`${bridge.url}/webhooks/${platform}/${ACCOUNT}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...forged },
          body: '{"event":"messages.upsert"}',
        })
        expectThat(status === 401, `${platform} should be answered 401, not ${status}.`)
      }
      expectThat(chatwoot.allMessages().length === before, 'Nothing should have come of it.')
    },
  },
]
