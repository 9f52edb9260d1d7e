import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import type { Account } from '../account.ts'
import { problemInHeaders, verifyChatwootSignature, verifyToken } from '../chatwoot/webhook.ts'
import type { Clock } from '../clock.ts'
import type { AccountConfig } from '../config/schema.ts'
import { verifyWasenderSignature } from '../wasender/webhook.ts'
import type { Held } from './body-room.ts'
import type { SecondLook } from './second-look.ts'

/** An account with the secrets its webhooks have to know. */
export type Verifiable = { account: Account; config: AccountConfig }

/** What the headers of a webhook say about who sent it. */
export type Claim =
  /** They prove it. */
  | { account: Account }
  /** The body has to prove it. */
  | { prove: (body: Pick<Held, 'pieces'>) => Promise<Account | undefined> }

/** Which account a request belongs to; `undefined` when its headers rule out that it can prove it. */
export type Verify = (c: Context) => Promise<Claim | undefined>

export type VerifyDeps = {
  accounts: ReadonlyMap<string, Verifiable>
  clock: Clock
  secondLook: SecondLook
}

/** Takes the place of the secrets of an account that does not exist: its refusal is to take the same way. */
const NOBODYS_SECRETS: readonly string[] = [randomBytes(24).toString('hex')]

/**
 * WasenderAPI sends the secret itself (docs/platforms/wasender.md#webhooks). Without an account in the path the secret
 * names it. One that does not match may be new: it is asked for and compared again.
 */
export function verifyWasender({ accounts, secondLook }: VerifyDeps): Verify {
  return async (c) => {
    const signature = c.req.header('X-Webhook-Signature')
    if (signature === undefined) return undefined
    const id = c.req.param('account')
    const candidates = candidatesFor(accounts, id)
    const account = await secondLook(`wasender ${id ?? ''}`, {
      find: () => theOne(signature, candidates),
      refresh: canManage(accounts)
        ? () => Promise.all(candidates.map(({ refresh }) => refresh.wasender()))
        : undefined,
    })
    return account && { account }
  }
}

/** Chatwoot signs the body; older releases only know the URL, whose last segment is then the token. */
export function verifyChatwoot({ accounts, clock, secondLook }: VerifyDeps): Verify {
  return async (c) => {
    const id = c.req.param('account') ?? ''
    const account = accounts.get(id)?.account
    const token = c.req.param('token')
    if (token !== undefined) {
      if (!isUrlToken(token, account) || account === undefined) return undefined
      if (account.credentials.accepted('chatwootSecrets').length === 0) return { account }
    }
    const headers = {
      timestamp: c.req.header('X-Chatwoot-Timestamp'),
      signature: c.req.header('X-Chatwoot-Signature'),
    }
    const now = clock.now()
    if (problemInHeaders({ ...headers, now }) !== undefined) return undefined
    const isSigned = (rawBody: readonly Uint8Array[]) =>
      verifyChatwootSignature({
        ...headers,
        now,
        rawBody,
        secret: secretsOf(account, 'chatwootSecrets'),
      }).ok
    return {
      prove: (body) =>
        secondLook(`chatwoot ${id}`, {
          find() {
            const rawBody = body.pieces()
            return rawBody !== undefined && isSigned(rawBody) ? account : undefined
          },
          refresh: () => account?.refresh.chatwoot() ?? Promise.resolve(),
        }),
    }
  }
}

function isUrlToken(token: string, account: Account | undefined): boolean {
  const tokens = secretsOf(account, 'chatwootUrlTokens')
  return tokens.filter((each) => verifyToken(token, each)).length > 0
}

function secretsOf(
  account: Account | undefined,
  name: Parameters<Account['credentials']['accepted']>[0],
): readonly string[] {
  const secrets = account?.credentials.accepted(name) ?? []
  return secrets.length > 0 ? secrets : NOBODYS_SECRETS
}

function candidatesFor(accounts: ReadonlyMap<string, Verifiable>, id: string | undefined) {
  const chosen = id === undefined ? [...accounts.values()] : [accounts.get(id)]
  return chosen.flatMap((each) => each?.account ?? [])
}

/** Only with a personal access token of at least one account is there anybody to ask. */
function canManage(accounts: ReadonlyMap<string, Verifiable>): boolean {
  return [...accounts.values()].some(({ account }) => account.managedSession !== undefined)
}

/** The account whose secret it is. A secret two accounts share does not name one. */
function theOne(signature: string, candidates: readonly Account[]): Account | undefined {
  const matching = candidates.filter(({ credentials }) =>
    carriesSecret(signature, credentials.accepted('wasenderSecrets')),
  )
  if (candidates.length === 0) carriesSecret(signature, NOBODYS_SECRETS)
  return matching.length === 1 ? matching[0] : undefined
}

/** Every secret is compared even after a match, so that the time taken does not tell which one it was. */
function carriesSecret(signature: string, secrets: readonly string[]): boolean {
  return secrets.filter((secret) => verifyWasenderSignature(signature, secret)).length > 0
}
