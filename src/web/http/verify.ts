import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import type { Account } from '../../accounts/account.ts'
import type { AccountConfig } from '../../config/schema.ts'
import type { Clock } from '../../kernel/clock.ts'
import {
  problemInHeaders,
  verifyChatwootSignature,
  verifyToken,
} from '../../platforms/chatwoot/webhook.ts'
import { verifyWasenderSignature } from '../../platforms/wasender/webhook.ts'
import type { Held } from './body.ts'

/** An account with the secrets its webhooks have to know. */
export type Verifiable = { account: Account; config: AccountConfig }

/** What the headers of a webhook say about who sent it. */
type Claim =
  /** They prove it. */
  | { account: Account }
  /** The body has to prove it. */
  | { prove: (body: Pick<Held, 'pieces'>) => Promise<Account | undefined> }

/** Which account a request belongs to; `undefined` when its headers rule out that it can prove it. */
export type Verify = (c: Context) => Promise<Claim | undefined>

type VerifyDeps = {
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

/** Chatwoot gives a webhook five seconds. */
const TAKES_MS = 4_000
/** As often as `accounts/credentials/account-credentials` asks the platforms. */
const EVERY_MS = 15_000
/** Names that strangers make up are forgotten again, and may be long. */
const MOST_NAMES = 1_000
const LONGEST_NAME = 200

/**
 * Looks again for what a webhook may prove itself with: a secret that does not match may be new, so the platform is asked
 * for it. Resolves with what `find` finds.
 */
type SecondLook = <T>(
  name: string,
  look: {
    find: () => T | undefined
    /** Brings what `find` looks at up to date; absent where there is nobody to ask for any name. */
    refresh: (() => Promise<unknown>) | undefined
  },
) => Promise<T | undefined>

/**
 * The time a refusal takes does not tell whether the name exists: the first one in a while takes the same four seconds for
 * all of them, whatever the platform does meanwhile, and the following take none. Only what proves itself is through at once.
 */
export function createSecondLook({
  clock,
  takesMs = TAKES_MS,
  everyMs = EVERY_MS,
}: {
  clock: Clock
  takesMs?: number
  everyMs?: number
}): SecondLook {
  const begun = new Map<string, number>()

  /** Milliseconds until this name is refused; 0 when that was done a moment ago. */
  function rest(name: string): number {
    const now = clock.now()
    const since = now - (begun.get(name) ?? Number.NEGATIVE_INFINITY)
    // A clock that was set back must not silence it for hours.
    if (since >= 0 && since < everyMs) return Math.max(0, takesMs - since)
    begun.delete(name)
    begun.set(name, now)
    if (begun.size > MOST_NAMES) begun.delete(begun.keys().next().value ?? '')
    return takesMs
  }

  return async (name, { find, refresh }) => {
    const found = find()
    if (found !== undefined || refresh === undefined) return found
    const key = name.slice(0, LONGEST_NAME)
    const ms = rest(key)
    if (ms === 0) return undefined
    const late = Promise.withResolvers<undefined>()
    const timer = setTimeout(late.resolve, ms, undefined)
    const early = await Promise.race([refresh().then(find), late.promise])
    if (early === undefined) {
      await late.promise
      return find()
    }
    clearTimeout(timer)
    begun.delete(key)
    return early
  }
}
