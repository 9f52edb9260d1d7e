import type { Clock } from '../../../kernel/clock.ts'
import { ConfigError } from '../../../kernel/errors.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import { correctBaseUrl, DEFAULT_BASE_URL } from '../../../platforms/wasender/base-url.ts'
import { createWasenderClient } from '../../../platforms/wasender/client.ts'
import { wasenderSubscriptions } from '../../../platforms/wasender/events/index.ts'
import type { SessionStatus } from '../../../platforms/wasender/session-status.ts'
import { createSessions } from '../../../platforms/wasender/sessions.ts'
import { createTokenApi } from '../../../platforms/wasender/token-api.ts'
import type { Answers } from '../answers.ts'
import type { Existing } from '../files/existing.ts'
import { reaching } from '../reaching.ts'
import type { Progress } from '../steps.ts'
import { findWasenderAccess, type WasenderAccess } from './find-wasender.ts'
import { setUpSession } from './set-up-session.ts'

/** The session a set-up has found or made, and how the bridge gets at it. */
export type WasenderSetup = {
  baseUrl: string
  personalAccessToken?: string
  /** Absent without a personal access token. */
  sessionId?: number
  /** These two are missing only when a dry run would have made the session. */
  apiKey?: string | undefined
  webhookSecret?: string | undefined
  status?: SessionStatus
}

export type WasenderDeps = {
  account: AccountId
  webhookUrl: string
  answers: Answers
  existing: Existing
  progress: Progress
  clock: Clock
}

/** The WhatsApp side: with a personal access token everything, with a session's key what can be checked. */
export async function setUpWasender(deps: WasenderDeps): Promise<WasenderSetup> {
  const { account, answers, existing, progress } = deps
  const typed =
    answers.given('wasenderUrl') ??
    existing.accountValue(account, ['wasender', 'baseUrl']) ??
    DEFAULT_BASE_URL
  const { baseUrl, warning } = correctBaseUrl(typed)
  if (warning !== undefined) progress.note(warning)
  const access = await findWasenderAccess(deps)
  return reaching({ name: 'WasenderAPI', baseUrl, flag: '--wasender-url' }, () =>
    access.kind === 'token'
      ? withToken(deps, baseUrl, access.personalAccessToken)
      : withKey(deps, baseUrl, access),
  )
}

async function withToken(
  deps: WasenderDeps,
  baseUrl: string,
  personalAccessToken: string,
): Promise<WasenderSetup> {
  const { account, clock, existing } = deps
  const api = createTokenApi(
    { account, baseUrl, clock },
    'personalAccessToken',
    personalAccessToken,
  )
  const sessions = createSessions({ api })
  const isIgnored = (option: string) =>
    existing.accountValue(account, ['options', option]) === 'ignore'
  const session = await setUpSession({
    ...deps,
    sessions,
    unwanted: {
      groups: isIgnored('groups'),
      // What the bridge does when nothing is said.
      channels: (existing.accountValue(account, ['options', 'channels']) ?? 'ignore') === 'ignore',
    },
  })
  const known = { baseUrl, personalAccessToken }
  if (session === undefined) return known
  const { id, apiKey, webhookSecret, status } = session
  if (apiKey === undefined || webhookSecret === undefined) throw withoutCredentials(id)
  return { ...known, sessionId: id, apiKey, webhookSecret, status }
}

async function withKey(
  { account, clock, progress, webhookUrl }: WasenderDeps,
  baseUrl: string,
  { apiKey, webhookSecret }: Extract<WasenderAccess, { kind: 'key' }>,
): Promise<WasenderSetup> {
  const client = createWasenderClient({ account, baseUrl, apiKey, routes: 'auto', clock })
  const status = await client.session.status()
  progress.step({ step: 'wasender', state: 'already', detail: `the API key is good, ${status}` })
  progress.note(
    `Without a personal access token the session's settings are yours to make. In the dashboard set its webhook to ` +
      `${webhookUrl}, turn it on, tick ${wasenderSubscriptions.join(', ')}, turn on "log messages", without which ` +
      'nobody can tell whether a send went out whose answer was lost, and turn off "read incoming messages".',
  )
  return { baseUrl, apiKey, webhookSecret, status }
}

function withoutCredentials(sessionId: number): ConfigError {
  return new ConfigError(
    `WasenderAPI does not tell the API key and the webhook secret of session ${sessionId}. Give --api-key and ` +
      '--webhook-secret instead of the personal access token.',
    { code: 'setup.no_credentials', context: { sessionId } },
  )
}
