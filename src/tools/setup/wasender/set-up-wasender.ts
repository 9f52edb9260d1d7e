import type { Clock } from '../../../kernel/clock.ts'
import { ConfigError } from '../../../kernel/errors.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import { correctBaseUrl, DEFAULT_BASE_URL } from '../../../platforms/wasender/base-url.ts'
import { createWasenderClient } from '../../../platforms/wasender/client.ts'
import { wasenderSubscriptions } from '../../../platforms/wasender/events/index.ts'
import type { SessionStatus } from '../../../platforms/wasender/session-status.ts'
import { createSessions } from '../../../platforms/wasender/sessions.ts'
import { createTokenApi } from '../../../platforms/wasender/token-api.ts'
import { type Answers, missing } from '../answers.ts'
import type { Existing } from '../files/existing.ts'
import { reaching } from '../reaching.ts'
import type { Progress } from '../steps.ts'
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

type WasenderDeps = {
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

/** How we get at the session. */
type WasenderAccess =
  /** Manages every session of the WasenderAPI account. */
  | { kind: 'token'; personalAccessToken: string }
  /** One session; its settings stay in the dashboard. */
  | { kind: 'key'; apiKey: string; webhookSecret: string }

/**
 * Which of the two ways it is: what is given now before what is known, the token before the key.
 *
 * @throws {ConfigError} `setup.missing`
 */
async function findWasenderAccess(deps: {
  account: string
  answers: Answers
  existing: Existing
}): Promise<WasenderAccess> {
  const { account, answers, existing } = deps
  const known = (key: string) => existing.accountValue(account, ['wasender', key])
  const withToken = (personalAccessToken: string) => ({
    kind: 'token' as const,
    personalAccessToken,
  })

  const token = answers.given('wasenderToken')
  if (token !== undefined) return withToken(token)
  const apiKey = answers.given('apiKey')
  const knownToken = known('personalAccessToken')
  if (apiKey === undefined && knownToken !== undefined) return withToken(knownToken)
  if (apiKey !== undefined || known('apiKey') !== undefined || (await prefersKey(answers))) {
    return {
      kind: 'key',
      apiKey: await answers.need('apiKey', { known: known('apiKey') }),
      webhookSecret: await answers.need('webhookSecret', { known: known('webhookSecret') }),
    }
  }
  return withToken(await answers.need('wasenderToken'))
}

async function prefersKey({ prompter }: Answers): Promise<boolean> {
  if (prompter === undefined) throw missing([['wasenderToken', 'apiKey']])
  const choices = [
    { value: 'token', label: 'a personal access token', hint: 'setup then does everything' },
    { value: 'key', label: "a session's API key", hint: 'some clicks in the dashboard remain' },
  ]
  const chosen = await prompter.choose({ message: 'What do you have of WasenderAPI?', choices })
  return chosen === 'key'
}
