import type { BridgeError } from '../../../kernel/errors.ts'
import { mixUpHint, TOKENS, type TokenKind } from '../../../platforms/wasender/api/token.ts'
import type { AccountCheck } from '../account-context.ts'
import { type Finding, failed, ok, skipped } from '../check.ts'

/** Sending, and everything about chats, goes by it. */
export const apiKey: AccountCheck = {
  id: 'wasender.api_key',
  title: 'API key',
  needs: ['wasender'],
  async run({ wasender, account, at }) {
    const outcome = await wasender.status()
    if (outcome.ok) return [ok('accepted.')]
    return [judgeToken(outcome.error, { kind: 'apiKey', token: account.wasender.apiKey, at })]
  },
}

/** Needed for settings, QR codes and `sessions connect` only. */
export const accessToken: AccountCheck = {
  id: 'wasender.token',
  title: 'Personal access token',
  needs: ['wasender'],
  async run({ wasender, account, at }) {
    const token = account.wasender.personalAccessToken
    if (token === undefined) {
      return [skipped(`${at}.wasender.personalAccessToken is not set, which is fine`)]
    }
    const outcome = await wasender.session()
    if (outcome.ok) return [ok('accepted.')]
    return [judgeToken(outcome.error, { kind: 'personalAccessToken', token, at })]
  },
}

type Given = { kind: TokenKind; token: string; at: string }

/** Refusals that come after the token was accepted. */
const ACCEPTED = new Set([
  'wasender.not_connected',
  'wasender.rate_limited',
  'wasender.not_found',
  'wasender.invalid',
])

/** What the refusal of a call says about its token. @throws the error when it says nothing about it. */
export function judgeToken(error: BridgeError, given: Given): Finding {
  const { code, context } = error
  if (code === 'wasender.unauthorized') return refused(given)
  if (ACCEPTED.has(code)) return ok('accepted.')
  const plan = PLAN[code]
  if (plan === undefined) throw error
  return failed(code, `${plan.found} (HTTP ${context.status}).`, plan.mend)
}

/** The two are not interchangeable, and mixed up more often than mistyped (docs/platforms/wasender.md#tokens). */
function refused({ kind, token, at }: Given): Finding {
  const { name, found } = TOKENS[kind]
  const hint = mixUpHint(kind, token.trim())
  const setting = `${at}.wasender.${kind}`
  return hint === ''
    ? failed(
        `wasender.${kind}.refused`,
        `WasenderAPI refuses the ${name}.`,
        `Copy it again into ${setting}: it is ${found}. A key that was regenerated stops at once.`,
      )
    : failed(
        `wasender.${kind}.mixed_up`,
        `WasenderAPI refuses the ${name}.${hint}`,
        `Set ${setting} to the ${name}, which is ${found}.`,
      )
}

/** Refusals that no other token would mend (docs/platforms/wasender.md#refusals). */
const PLAN: Readonly<Record<string, { found: string; mend: string }>> = {
  'wasender.subscription': {
    found: 'the subscription or trial has ended',
    mend: 'Renew it in the WasenderAPI dashboard. What is to be sent waits meanwhile.',
  },
  'wasender.plan': {
    found: 'the plan does not include this',
    mend: 'Upgrade the plan in the WasenderAPI dashboard.',
  },
}
