import {
  startWasenderStandIn,
  type WasenderStandIn,
  type WasenderStandInOptions,
} from './server.ts'
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts'

type Answer = { status: number; headers: Headers; body: Record<string, unknown> }

/** A stand-in with a receiver for its webhooks and a client for its API, for the stand-in's own tests. */
export type TestStandIn = WasenderStandIn & {
  receiver: WebhookReceiver
  /** A request with the key of the first session, or with `token`; without any when it is `null`. */
  request(method: string, path: string, json?: unknown, token?: string | null): Promise<Answer>
  /** The same with the personal access token. */
  account(method: string, path: string, json?: unknown): Promise<Answer>
}

export async function startTestStandIn(options: WasenderStandInOptions = {}): Promise<TestStandIn> {
  const receiver = await startWebhookReceiver()
  const standIn = await startWasenderStandIn({
    retryMs: 5,
    ...options,
    sessions: options.sessions ?? [{ webhookUrl: receiver.url }],
  })

  const request: TestStandIn['request'] = async (method, path, json, token) => {
    const bearer = token === undefined ? standIn.session().apiKey : token
    const response = await fetch(`${standIn.apiUrl}${path}`, {
      method,
      headers: {
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    })
    const text = await response.text()
    const body = text === '' ? {} : JSON.parse(text)
    return { status: response.status, headers: response.headers, body }
  }

  return {
    ...standIn,
    receiver,
    request,
    account: (method, path, json) => request(method, path, json, standIn.personalAccessToken),
    close: async () => {
      await standIn.close()
      await receiver.close()
    },
  }
}
