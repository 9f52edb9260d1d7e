import { randomBytes } from 'node:crypto'
import type { Environment } from '../../config/environment.ts'
import type { Clock } from '../../kernel/clock.ts'
import { type AccountId, asId } from '../../kernel/ids.ts'
import { webhookAddress } from '../../platforms/webhook-address.ts'
import { type Answers, missing } from './answers.ts'
import { findChatwoot } from './chatwoot/find-chatwoot.ts'
import { setUpAgents } from './chatwoot/set-up-agents.ts'
import { setUpInbox } from './chatwoot/set-up-inbox.ts'
import { checkExisting } from './files/check-existing.ts'
import { type Existing, readExisting } from './files/existing.ts'
import { ADMIN_TOKEN_VARIABLE } from './files/variables.ts'
import { writeDown } from './files/write-down.ts'
import type { QuestionName } from './questions.ts'
import { noteReachability } from './reaching.ts'
import type { Progress } from './steps.ts'
import { setUpWasender, type WasenderSetup } from './wasender/set-up-wasender.ts'

type SetupOptions = {
  configFile: string
  /** Of the process. */
  env: Environment
  answers: Answers
  progress: Progress
  clock: Clock
}

/** What a set-up leads to, for the last words at the terminal. */
export type SetupResult = {
  account: AccountId
  publicUrl: string
  configFile: string
  envFile: string
  /** The WhatsApp side; its credentials are not for output. */
  wasender: WasenderSetup
}

/**
 * From nothing to a configuration the bridge runs with: inbox, agents, session, files. Each part looks at what is
 * there and changes only what differs, so it can be run again at any time, also after it was interrupted.
 *
 * @throws {BridgeError} worded for whoever sits at the terminal.
 */
export async function runSetup(options: SetupOptions): Promise<SetupResult> {
  const { configFile, env, answers, progress, clock } = options
  const existing = await readExisting(configFile, env)
  const account = asId<AccountId>(await chooseAccount(answers, existing))
  checkExisting(existing, account, env)
  checkBasics(answers, existing, account)
  const publicUrl = await answers.need('publicUrl', {
    known: existing.valueAt(['server', 'publicUrl']),
  })
  const shared = { account, answers, existing, progress }

  const chatwoot = await findChatwoot(shared)
  const { client, refusesPrivateHosts } = chatwoot
  noteReachability({ publicUrl, refusesPrivateHosts, progress })
  const webhookUrl = (platform: 'wasender' | 'chatwoot') =>
    webhookAddress(publicUrl, platform, account)
  const inbox = await setUpInbox({ ...shared, client, webhookUrl: webhookUrl('chatwoot') })
  await setUpAgents({ client, inboxId: inbox.inbox?.id, answers, progress })
  const wasender = await setUpWasender({ ...shared, clock, webhookUrl: webhookUrl('wasender') })

  const outcome = {
    ...{ account, publicUrl, chatwoot, wasender },
    inbox: { ...inbox, id: inbox.inbox?.id },
    adminToken: adminToken(existing),
    redisUrl: existing.configText === undefined ? answers.given('redisUrl') : undefined,
  }
  await writeDown({ outcome, existing, env, progress })
  return { account, publicUrl, configFile, envFile: existing.envFile, wasender }
}

/** With several accounts there is no telling which one is meant. */
function chooseAccount(answers: Answers, { accountIds }: Existing): Promise<string> {
  const known = accountIds.length === 1 ? accountIds[0] : undefined
  const fallback = accountIds.length === 0 ? 'sales' : undefined
  return answers.need('account', { known, fallback })
}

function adminToken({ valueAt, environment }: Existing): string {
  return (
    valueAt(['server', 'adminToken']) ||
    environment[ADMIN_TOKEN_VARIABLE] ||
    randomBytes(32).toString('hex')
  )
}

type Basic = { anyOf: readonly QuestionName[]; known: (existing: Existing, id: string) => unknown }

/** What no set-up can do without, and where an earlier one has left it. */
const BASICS: readonly Basic[] = [
  { anyOf: ['publicUrl'], known: ({ valueAt }) => valueAt(['server', 'publicUrl']) },
  {
    anyOf: ['chatwootUrl'],
    known: ({ accountValue }, id) => accountValue(id, ['chatwoot', 'baseUrl']),
  },
  {
    anyOf: ['chatwootToken'],
    known: ({ accountValue }, id) => accountValue(id, ['chatwoot', 'apiAccessToken']),
  },
  {
    anyOf: ['wasenderToken', 'apiKey'],
    known: ({ accountValue }, id) =>
      accountValue(id, ['wasender', 'personalAccessToken']) ??
      accountValue(id, ['wasender', 'apiKey']),
  },
]

/**
 * Where nobody can be asked, says all that is missing at once and before anything is done.
 *
 * @throws {ConfigError} `setup.missing`
 */
function checkBasics(answers: Answers, existing: Existing, account: string): void {
  if (answers.prompter !== undefined) return
  const lacking = BASICS.filter(
    ({ anyOf, known }) => !anyOf.some(answers.given) && known(existing, account) === undefined,
  )
  if (lacking.length > 0) throw missing(lacking.map(({ anyOf }) => anyOf))
}
