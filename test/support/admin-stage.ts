import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { type ChatwootStandIn, startChatwootStandIn } from '../../sandbox/chatwoot/server.ts'
import { startWasenderStandIn, type WasenderStandIn } from '../../sandbox/wasender/server.ts'
import { parseConfig } from '../../src/config/load.ts'
import { createLogger } from '../../src/kernel/log.ts'
import { startBridge } from '../../src/main.ts'
import { refusal } from './chat.ts'

export const ADMIN_TOKEN = 'an-admin-token-of-the-stage'

const ACCOUNTS = ['sales', 'support', 'berlin'] as const
export type StageAccount = (typeof ACCOUNTS)[number]

/** A bridge in this process with three accounts between both stand-ins, for those who look at its pages. */
export type AdminStage = {
  /** Of the bridge. */
  url: string
  wasender: WasenderStandIn
  chatwoot: ChatwootStandIn
  /** The stand-in's session of an account. */
  sessionOf(account: StageAccount): number
  /** A customer of the account writes; resolves with the conversation once it is in Chatwoot. */
  says(account: StageAccount, text: string): Promise<number>
  /** An agent answers; resolves with the message once it has reached `status`. */
  replies(conversation: number, text: string, status?: string): Promise<number>
  /** WhatsApp refuses an agent's next message; resolves with it once that shows. */
  fails(conversation: number, text: string): Promise<number>
  close(): Promise<void>
}

const WAIT = { timeoutMs: 20_000 }

export async function startAdminStage(): Promise<AdminStage> {
  const dir = await mkdtemp(join(tmpdir(), 'admin-'))
  const wasender = await startWasenderStandIn({ retryMs: 50, sessions: ACCOUNTS.map(() => ({})) })
  const chatwoot = await startChatwootStandIn({
    inboxes: ACCOUNTS.map((name) => ({ name: `WhatsApp ${name}`, lockToSingleConversation: true })),
    messagesPerMinute: 1_000_000,
  })
  const text = stringify(configOf(dir, wasender, chatwoot))
  const { config } = parseConfig({ text, file: 'the configuration of the stage', env: {} })
  const bridge = await startBridge({ config, log: createLogger({ level: 'fatal' }) })
  const url = `http://127.0.0.1:${bridge.port}`
  for (const [index, id] of ACCOUNTS.entries()) {
    wasender.sessions()[index]!.webhookUrl = `${url}/webhooks/wasender/${id}`
    const inbox = chatwoot.inboxes()[index]!
    chatwoot.updateInbox(inbox.id, { webhookUrl: `${url}/webhooks/chatwoot/${id}` })
  }
  const sessionOf = (account: StageAccount) => wasender.sessions()[ACCOUNTS.indexOf(account)]!.id

  async function replies(conversation: number, content: string, status = 'delivered') {
    const { id } = await chatwoot.agent().reply(conversation, content)
    const isThere = () => chatwoot.messages(conversation).find((each) => each.id === id)?.status
    await chatwoot.waitFor(() => [status, 'read'].includes(isThere() ?? ''), WAIT)
    return id
  }

  return {
    url,
    wasender,
    chatwoot,
    sessionOf,
    replies,
    async says(account, content) {
      const number = `+1202555010${ACCOUNTS.indexOf(account)}`
      const person = wasender.person({ phone: number, name: 'Maria', session: sessionOf(account) })
      const { keyId } = person.sendText(content)
      const arrived = () => chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId)
      return (await chatwoot.waitFor(arrived, WAIT)).conversationId
    },
    async fails(conversation, content) {
      wasender.faults.add({ ...refusal, times: 1 })
      return replies(conversation, content, 'failed')
    },
    async close() {
      await bridge.stop()
      await Promise.all([wasender.close(), chatwoot.close()])
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function configOf(dir: string, wasender: WasenderStandIn, chatwoot: ChatwootStandIn) {
  return {
    server: {
      host: '127.0.0.1',
      port: 0,
      publicUrl: 'http://127.0.0.1',
      adminToken: ADMIN_TOKEN,
    },
    data: { dir: join(dir, 'data') },
    accounts: ACCOUNTS.map((id, index) => {
      const session = wasender.sessions()[index]!
      const inbox = chatwoot.inboxes()[index]!
      return {
        id,
        wasender: {
          baseUrl: wasender.apiUrl,
          apiKey: session.apiKey,
          webhookSecret: session.webhookSecret,
          personalAccessToken: wasender.personalAccessToken,
          sessionId: session.id,
        },
        chatwoot: {
          baseUrl: chatwoot.url,
          accountId: chatwoot.accountId,
          inboxId: inbox.id,
          apiAccessToken: chatwoot.adminToken,
          webhookSecret: inbox.secret,
        },
        options: { pace: 0, operatorConversation: false },
      }
    }),
  }
}
