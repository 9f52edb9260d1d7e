import type { Inbox } from '../../chatwoot/shapes/inbox.ts'

/** How the inbox's webhooks will prove where they come from. */
export type WebhookPlan = {
  url: string
  /** The inbox posts elsewhere now. */
  differs: boolean
  /** Chatwoot 4.13 and newer sign with it. */
  secret?: string
  /** Older ones only know the address, so it ends with this. */
  token?: string
}

/**
 * Where the inbox has to post. `makeToken` is asked only when the inbox has no secret and no token is known; the one
 * in the address it posts to now is reused, so that an interrupted run is not visible afterwards.
 */
export function planWebhook(options: {
  inbox: Inbox
  webhookUrl: string
  knownToken?: string | undefined
  makeToken: () => string
}): WebhookPlan {
  const { inbox, webhookUrl, knownToken, makeToken } = options
  if (inbox.secret !== undefined) {
    return { url: webhookUrl, differs: inbox.webhookUrl !== webhookUrl, secret: inbox.secret }
  }
  const token = knownToken ?? tokenIn(inbox.webhookUrl, webhookUrl) ?? makeToken()
  const url = `${webhookUrl}/${token}`
  return { url, differs: inbox.webhookUrl !== url, token }
}

function tokenIn(current: string | undefined, webhookUrl: string): string | undefined {
  if (!current?.startsWith(`${webhookUrl}/`)) return undefined
  const token = current.slice(webhookUrl.length + 1)
  return /^[\w.~-]+$/.test(token) ? token : undefined
}
