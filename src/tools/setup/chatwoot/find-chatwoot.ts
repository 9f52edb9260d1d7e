import { ConfigError } from '../../../kernel/errors.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import { type ChatwootClient, createChatwootClient } from '../../../platforms/chatwoot/client.ts'
import type { Profile } from '../../../platforms/chatwoot/shapes/agent.ts'
import { supports } from '../../../platforms/chatwoot/version.ts'
import type { Answers } from '../answers.ts'
import type { Existing } from '../files/existing.ts'
import { reaching } from '../reaching.ts'
import type { Progress } from '../steps.ts'

/** A Chatwoot account whose inboxes we may change. */
export type FoundChatwoot = {
  client: ChatwootClient
  baseUrl: string
  token: string
  accountId: number
  /** It does not post to addresses of a private network by itself (4.14 and newer). */
  refusesPrivateHosts: boolean
}

/**
 * Finds out whether address and token are good and which account it is to be.
 *
 * @throws {BridgeError} worded for whoever sits at the terminal, e.g. `chatwoot.bad_token`, `chatwoot.bot_token`
 * or `setup.not_administrator`.
 */
export async function findChatwoot(deps: {
  account: AccountId
  answers: Answers
  existing: Existing
  progress: Progress
}): Promise<FoundChatwoot> {
  const { account, answers, existing, progress } = deps
  const known = (key: string) => existing.accountValue(account, ['chatwoot', key])
  const baseUrl = await answers.need('chatwootUrl', { known: known('baseUrl') })
  const apiAccessToken = await answers.need('chatwootToken', { known: known('apiAccessToken') })
  const connect = (accountId: number) =>
    createChatwootClient({ account, baseUrl, apiAccessToken, accountId })

  // Neither question is about an account yet. The version needs no token: a wrong address shows first.
  const anyAccount = connect(1)
  const server = await reaching(
    { name: 'Chatwoot', baseUrl, flag: '--chatwoot-url' },
    anyAccount.version,
  )
  const profile = await anyAccount.profile()
  const accountId = await chooseAccount(profile, answers, known('accountId'))
  progress.step({
    step: 'chatwoot',
    state: 'already',
    detail: `version ${server.raw}, token of ${profile.name}, administrator of account ${accountId}`,
  })
  return {
    client: connect(accountId),
    baseUrl,
    token: apiAccessToken,
    accountId,
    refusesPrivateHosts: supports(server.version).refusesPrivateHosts,
  }
}

/** Inboxes can only be made by administrators, so only their accounts can be meant. */
async function chooseAccount(
  { name, accounts }: Profile,
  answers: Answers,
  known: string | undefined,
): Promise<number> {
  const mine = accounts.filter(({ role }) => role === 'administrator')
  if (mine.length === 0) throw notAdministrator(name, accounts[0]?.role)
  const only = mine.length === 1 ? mine[0] : undefined
  const choices = mine.map((each) => ({ value: String(each.id), label: each.name }))
  const wanted =
    answers.given('chatwootAccount') ??
    known ??
    only?.id ??
    (await answers.need('chatwootAccount', { choices }))
  const found = accounts.find(({ id }) => id === Number(wanted))
  if (found === undefined) throw notAMember(name, Number(wanted))
  if (found.role !== 'administrator') throw notAdministrator(name, found.role)
  return found.id
}

function notAdministrator(name: string, role: string | undefined): ConfigError {
  const what = role === undefined ? 'a member of no account' : `only ${role || 'a guest'} there`
  return new ConfigError(
    `The Chatwoot token belongs to ${name}, who is ${what}. Inboxes can be made by administrators: take the ` +
      'access token of one, best of a user of its own such as "WhatsApp Bridge".',
    { code: 'setup.not_administrator' },
  )
}

function notAMember(name: string, accountId: number): ConfigError {
  return new ConfigError(
    `The Chatwoot token belongs to ${name}, who is no member of account ${accountId}.`,
    { code: 'setup.no_such_account', context: { accountId } },
  )
}
