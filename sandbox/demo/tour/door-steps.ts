import { setTimeout as pause } from 'node:timers/promises'
import { ACCOUNT } from '../config.ts'
import { WAIT_MS } from './customer.ts'
import { expectThat, type Step } from './step.ts'

/** Headers a stranger would send, by platform. */
const FORGED = {
  wasender: { 'x-webhook-signature': 'not-the-secret' },
  chatwoot: { 'x-chatwoot-timestamp': '1', 'x-chatwoot-signature': `sha256=${'0'.repeat(64)}` },
} as const

const FORGED_TEXT = 'Not from WhatsApp'

const forgedMessage = () => ({
  event: 'messages.upsert',
  timestamp: Date.now(),
  data: {
    messages: {
      key: { id: '3EB0F0F0F0F0F0F0F0F0', fromMe: false, remoteJid: '12025550199@s.whatsapp.net' },
      message: { conversation: FORGED_TEXT },
      messageTimestamp: Math.floor(Date.now() / 1_000),
      pushName: 'Nobody',
    },
  },
})

const LOOK_AGAIN_MS = 100

/** The answer of `/readyz`, which on a busy machine may become 200 only a moment after the start. */
async function readiness(url: string): Promise<number> {
  for (const end = Date.now() + WAIT_MS; ; await pause(LOOK_AGAIN_MS)) {
    const { status } = await fetch(`${url}/readyz`)
    if (status === 200 || Date.now() > end) return status
  }
}

/** What the bridge answers at its own door. */
export const DOOR_STEPS: readonly Step[] = [
  {
    name: 'it is ready',
    direction: 'bridge',
    async run({ bridge }) {
      const status = await readiness(bridge.url)
      expectThat(status === 200, `/readyz should answer 200, not ${status}.`)
    },
  },
  {
    name: 'a webhook with a wrong secret is refused',
    direction: 'bridge',
    async run({ bridge, chatwoot }) {
      for (const [platform, forged] of Object.entries(FORGED)) {
        const { status } = await fetch(`${bridge.url}/webhooks/${platform}/${ACCOUNT}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...forged },
          body: JSON.stringify(forgedMessage()),
        })
        expectThat(status === 401, `${platform} should be answered 401, not ${status}.`)
      }
      const isForged = ({ content }: { content: string | null }) => content === FORGED_TEXT
      expectThat(!chatwoot.allMessages().some(isForged), 'Nothing should have come of it.')
    },
  },
]
