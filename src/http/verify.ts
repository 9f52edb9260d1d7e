import type { Context } from 'hono'
import type { Account } from '../account.ts'
import { verifyChatwootSignature, verifyToken } from '../chatwoot/webhook.ts'
import type { Clock } from '../clock.ts'
import type { AccountConfig } from '../config/schema.ts'
import { verifyWasenderSignature } from '../wasender/webhook.ts'
import type { Verify } from './webhook-routes.ts'

/** An account with the secrets its webhooks have to know. */
export type Verifiable = { account: Account; config: AccountConfig }

/** WasenderAPI sends the secret itself (wasender-webhooks.md, section 2). Without an account in the path the secret names it. */
export function verifyWasender(accounts: ReadonlyMap<string, Verifiable>): Verify {
  return (c) => {
    const signature = c.req.header('X-Webhook-Signature')
    const id = c.req.param('account')
    const candidates = id === undefined ? [...accounts.values()] : [accounts.get(id)]
    const matching = candidates.filter((candidate) =>
      verifyWasenderSignature(signature, candidate?.config.wasender.webhookSecret ?? ''),
    )
    // A secret two accounts share does not name one.
    return matching.length === 1 ? matching[0]?.account : undefined
  }
}

/** Chatwoot signs the body; older releases only know the URL, whose last segment is then the token. */
export function verifyChatwoot(accounts: ReadonlyMap<string, Verifiable>, clock: Clock): Verify {
  return (c, raw) => {
    const found = accounts.get(c.req.param('account') ?? '')
    const token = c.req.param('token')
    const { webhookSecret, webhookToken } = found?.config.chatwoot ?? {}
    if (token !== undefined && !verifyToken(token, webhookToken)) return undefined
    const mustBeSigned = webhookSecret !== undefined || token === undefined
    if (mustBeSigned && !isSigned(c, raw, webhookSecret ?? '', clock)) return undefined
    return found?.account
  }
}

function isSigned(c: Context, rawBody: Uint8Array, secret: string, clock: Clock): boolean {
  return verifyChatwootSignature({
    rawBody,
    secret,
    timestamp: c.req.header('X-Chatwoot-Timestamp'),
    signature: c.req.header('X-Chatwoot-Signature'),
    now: clock.now(),
  }).ok
}
