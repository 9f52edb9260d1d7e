import type { Context } from 'hono'
import type { Account } from '../account.ts'
import { verifyChatwootSignature, verifyToken } from '../chatwoot/webhook.ts'
import type { Clock } from '../clock.ts'
import type { AccountConfig } from '../config/schema.ts'
import { verifyWasenderSignature } from '../wasender/webhook.ts'
import { within } from '../within.ts'
import type { Verify } from './webhook-routes.ts'

const REFRESH_WITHIN_MS = 4_000

/** An account with the secrets its webhooks have to know. */
export type Verifiable = { account: Account; config: AccountConfig }

/**
 * WasenderAPI sends the secret itself (wasender-webhooks.md, section 2). Without an account in the path the secret names
 * it. One that does not match may be new: it is asked for and compared again.
 */
export function verifyWasender(accounts: ReadonlyMap<string, Verifiable>): Verify {
  return async (c) => {
    const signature = c.req.header('X-Webhook-Signature')
    if (signature === undefined) return undefined
    const candidates = candidatesFor(accounts, c.req.param('account'))
    const found = () => theOne(candidates.filter((each) => carriesSecret(signature, each)))
    if (found() === undefined) await refreshed(candidates.map(({ refresh }) => refresh.wasender()))
    return found()
  }
}

/** Chatwoot signs the body; older releases only know the URL, whose last segment is then the token. */
export function verifyChatwoot(accounts: ReadonlyMap<string, Verifiable>, clock: Clock): Verify {
  return async (c, raw) => {
    const account = accounts.get(c.req.param('account') ?? '')?.account
    if (account === undefined) return undefined
    const token = c.req.param('token')
    if (token !== undefined && !isUrlToken(token, account)) return undefined
    const mustBeSigned = token === undefined || secretsOf(account).length > 0
    if (mustBeSigned && !(await isSigned(c, raw, account, clock))) return undefined
    return account
  }
}

function isUrlToken(token: string, { credentials }: Account): boolean {
  const tokens = credentials.accepted('chatwootUrlTokens')
  return tokens.filter((each) => verifyToken(token, each)).length > 0
}

/** A signature that does not match may be made with a new secret: it is asked for and checked again. */
async function isSigned(c: Context, raw: Uint8Array, account: Account, clock: Clock) {
  const check = () => checkSignature(c, raw, secretsOf(account), clock)
  const checked = check()
  if (checked.ok || checked.reason !== 'mismatch') return checked.ok
  await refreshed([account.refresh.chatwoot()])
  return check().ok
}

function secretsOf({ credentials }: Account): readonly string[] {
  return credentials.accepted('chatwootSecrets')
}

function candidatesFor(accounts: ReadonlyMap<string, Verifiable>, id: string | undefined) {
  const chosen = id === undefined ? [...accounts.values()] : [accounts.get(id)]
  return chosen.flatMap((each) => each?.account ?? [])
}

/** A secret two accounts share does not name one. */
function theOne(matching: readonly Account[]): Account | undefined {
  return matching.length === 1 ? matching[0] : undefined
}

/** Every secret is compared even after a match, so that the time taken does not tell which one it was. */
function carriesSecret(signature: string, { credentials }: Account): boolean {
  const secrets = credentials.accepted('wasenderSecrets')
  return secrets.filter((secret) => verifyWasenderSignature(signature, secret)).length > 0
}

function checkSignature(c: Context, rawBody: Uint8Array, secret: readonly string[], clock: Clock) {
  return verifyChatwootSignature({
    rawBody,
    secret,
    timestamp: c.req.header('X-Chatwoot-Timestamp'),
    signature: c.req.header('X-Chatwoot-Signature'),
    now: clock.now(),
  })
}

/** Waits for the answers of a platform, but not longer than a webhook may take: Chatwoot gives it five seconds. */
async function refreshed(asked: Promise<void>[]): Promise<void> {
  await within(REFRESH_WITHIN_MS, Promise.all(asked), () => {})
}
