import { ConfigError } from '../../../kernel/errors.ts'

/** The two tokens, which are not interchangeable (docs/platforms/wasender.md#tokens). */
export type TokenKind = 'apiKey' | 'personalAccessToken'

type TokenFacts = {
  /** What people call it. */
  name: string
  /** Where it is set. */
  configKey: string
  /** Where the operator finds it. */
  found: string
}

export const TOKENS: Record<TokenKind, TokenFacts> = {
  apiKey: {
    name: 'session API key',
    configKey: 'accounts[].wasender.apiKey',
    found: "on the session's page of the WasenderAPI dashboard",
  },
  personalAccessToken: {
    name: 'personal access token',
    configKey: 'accounts[].wasender.personalAccessToken',
    found: 'in the WasenderAPI dashboard under Settings, Personal Access Token',
  },
}

/** Personal access tokens are `<number>|<random>`, session keys are not (docs/platforms/wasender.md#tokens). */
const PERSONAL_FORM = /^\d+\|/

/** A guess at a mix-up, for the operator; empty when the token has the form it should have. */
export function mixUpHint(kind: TokenKind, token: string): string {
  const isPersonal = PERSONAL_FORM.test(token)
  if (kind === 'apiKey' && isPersonal) return ' It has the form of a personal access token.'
  if (kind === 'personalAccessToken' && /^[0-9a-f]{64}$/i.test(token)) {
    return ' It has the form of a session API key.'
  }
  return ''
}

/**
 * The token as it goes into the header. Checked here because a client's own complaint about a bad
 * header would quote the token.
 *
 * @throws {ConfigError} `wasender.bad_token`
 */
export function checkedToken(kind: TokenKind, token: string): string {
  const trimmed = token.trim()
  if (/^[\x21-\x7e]+$/.test(trimmed)) return trimmed
  const { name, configKey } = TOKENS[kind]
  throw new ConfigError(
    `The ${name} in ${configKey} is empty or holds characters no token has (spaces, line breaks, quotes).`,
    { code: 'wasender.bad_token' },
  )
}
