import { join } from 'node:path'
import { stringify } from 'yaml'
import { parseConfig } from '../../src/config/load.ts'
import type { BridgeConfig } from '../../src/config/schema.ts'
import type { ChatwootStandIn } from '../chatwoot/stand-in.ts'
import type { WasenderStandIn } from '../wasender/server.ts'
import { BREAKAGES, type Breakage } from './breakages.ts'

/** The account of the bridge that the demo uses. */
export const ACCOUNT = 'demo'

export type ConfigParts = {
  dir: string
  port: number
  adminToken: string
  wasender: WasenderStandIn
  chatwoot: ChatwootStandIn
  breakage?: Breakage | undefined
}

/** The configuration an operator would write for the two stand-ins, read the way theirs is. */
export function demoConfig(parts: ConfigParts): BridgeConfig {
  const { dir, port, adminToken, wasender, chatwoot, breakage } = parts
  const session = wasender.session()
  const inbox = inboxOf(chatwoot)
  const broken: { wasender?: object; chatwoot?: object } =
    breakage === undefined ? {} : BREAKAGES[breakage]
  const text = stringify({
    server: { host: '127.0.0.1', port, publicUrl: `http://127.0.0.1:${port}`, adminToken },
    data: { dir: join(dir, 'data') },
    accounts: [
      {
        id: ACCOUNT,
        wasender: {
          baseUrl: wasender.apiUrl,
          apiKey: session.apiKey,
          webhookSecret: session.webhookSecret,
          personalAccessToken: wasender.personalAccessToken,
          sessionId: session.id,
          ...broken.wasender,
        },
        chatwoot: {
          baseUrl: chatwoot.url,
          accountId: chatwoot.accountId,
          inboxId: inbox.id,
          apiAccessToken: chatwoot.adminToken,
          webhookSecret: inbox.secret,
          ...broken.chatwoot,
        },
        // The stand-in's session is not protected, so nothing has to be spaced out.
        options: { pace: 0 },
      },
    ],
  })
  return parseConfig({ text, file: 'the configuration of the demo', env: {} }).config
}

/** The one inbox of the demo. */
export function inboxOf(chatwoot: ChatwootStandIn) {
  const [inbox] = chatwoot.inboxes()
  if (inbox === undefined) throw new Error('The stand-in has no inbox')
  return inbox
}
