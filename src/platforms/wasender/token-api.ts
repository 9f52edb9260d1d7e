import type { Clock } from '../../kernel/clock.ts'
import { BridgeError, ConfigError } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'
import { type Call, type Classify, createTransport, type OnCall } from '../upstream/transport.ts'
import { type Api, createApi } from './api/api.ts'
import { createClassify } from './api/classify.ts'
import { checkedToken, mixUpHint, TOKENS, type TokenKind } from './api/token.ts'

/** A token, or where to ask for it before each request: it may change while the bridge runs. */
export type TokenSource = string | (() => string | undefined)

/**
 * Told that the gateway refused a token, which was `used`. Resolves with true when there is another
 * one by now.
 */
export type OnRefused = (used: string) => Promise<boolean>

export type TokenApiOptions = {
  account: AccountId
  baseUrl: string
  clock: Clock
  onCall?: OnCall | undefined
  timeoutMs?: number | undefined
  fetch?: typeof globalThis.fetch | undefined
}

/**
 * Calls with one of the two tokens. A call that is refused because of its token has not happened
 * (docs/platforms/wasender.md#refusals), so it is made once more when `onRefused` brings another token.
 *
 * @throws {ConfigError} `wasender.bad_token`, at once for a token that is known already.
 */
export function createTokenApi(
  options: TokenApiOptions,
  kind: TokenKind,
  source: TokenSource | undefined,
  onRefused?: OnRefused,
): Api {
  const { account, baseUrl, clock, onCall, timeoutMs, fetch } = options
  const given = typeof source === 'function' ? source : () => source
  const bearer = () => checkedToken(kind, given() ?? '')
  if (given() !== undefined) bearer()

  const classify: Classify = (answer, call) =>
    createClassify({ account, token: kind, tokenHint: mixUpHint(kind, bearer()), clock })(
      answer,
      call,
    )
  const transport = createTransport({
    upstream: 'wasender',
    account,
    baseUrl,
    headers: () => ({ Authorization: `Bearer ${bearer()}` }),
    classify,
    onCall,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(fetch === undefined ? {} : { fetch }),
  })
  const api = createApi({ account, transport, classify })

  return async (call, schema) => {
    if (given() === undefined) throw missing(kind, call)
    const used = bearer()
    try {
      return await api(call, schema)
    } catch (error) {
      if (onRefused === undefined || !isRefused(error) || isStream(call)) throw error
      if (!(await onRefused(used))) throw error
      return api(call, schema)
    }
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof BridgeError && error.code === 'wasender.unauthorized'
}

/** What was read once cannot be sent again. */
function isStream({ body }: Call): boolean {
  return body instanceof ReadableStream
}

function missing(kind: TokenKind, { operation }: Call): ConfigError {
  const { name, configKey, found } = TOKENS[kind]
  return new ConfigError(`${operation} needs a ${name}. Set ${configKey}; it is ${found}.`, {
    code: 'wasender.no_personal_access_token',
    context: { operation },
  })
}
