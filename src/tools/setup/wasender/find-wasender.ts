import { type Answers, missing } from '../answers.ts'
import type { Existing } from '../files/existing.ts'

/** How we get at the session. */
export type WasenderAccess =
  /** Manages every session of the WasenderAPI account. */
  | { kind: 'token'; personalAccessToken: string }
  /** One session; its settings stay in the dashboard. */
  | { kind: 'key'; apiKey: string; webhookSecret: string }

/**
 * Which of the two ways it is: what is given now before what is known, the token before the key.
 *
 * @throws {ConfigError} `setup.missing`
 */
export async function findWasenderAccess(deps: {
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
