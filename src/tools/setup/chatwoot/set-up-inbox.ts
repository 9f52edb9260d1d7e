import { randomBytes } from 'node:crypto'
import { ConfigError } from '../../../kernel/errors.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import type { ChatwootClient } from '../../../platforms/chatwoot/client.ts'
import type { Inbox } from '../../../platforms/chatwoot/shapes/inbox.ts'
import type { Answers } from '../answers.ts'
import type { Existing } from '../files/existing.ts'
import { accountVariable } from '../files/variables.ts'
import type { Progress } from '../steps.ts'
import { chooseInbox } from './choose-inbox.ts'

type InboxDeps = {
  account: AccountId
  client: Pick<ChatwootClient, 'inboxes'>
  /** Without a token. */
  webhookUrl: string
  answers: Answers
  existing: Existing
  progress: Progress
}

/** The inbox a set-up has found or made, and how its webhooks prove themselves. */
export type InboxSetup = {
  /** Missing only when a dry run would have made it. */
  inbox?: Inbox
  secret?: string
  token?: string
}

const DEFAULT_NAME = 'WhatsApp'

/** Takes over or makes the API inbox and lets it post to us (docs/platforms/chatwoot.md#inboxes). */
export async function setUpInbox(deps: InboxDeps): Promise<InboxSetup> {
  const found = await findInbox(deps)
  const inbox = found ?? (await createInbox(deps))
  return inbox === undefined ? {} : pointAtUs(deps, inbox)
}

/** Undefined when there has to be a new one. */
async function findInbox(deps: InboxDeps): Promise<Inbox | undefined> {
  const { account, client, answers, existing, progress, webhookUrl } = deps
  const inboxes = await client.inboxes.list()
  const choose = (wanted: string | undefined) =>
    chooseInbox({
      inboxes,
      wanted,
      known: existing.accountValue(account, ['chatwoot', 'inboxId']),
      name: answers.given('inboxName') ?? DEFAULT_NAME,
      webhookUrl,
    })
  const first = choose(answers.given('inbox'))
  const choice = first.kind === 'ask' ? choose(await askWhich(answers, first.candidates)) : first
  if (choice.kind === 'impossible') throw new ConfigError(choice.why, { code: 'setup.no_inbox' })
  if (choice.kind !== 'adopt') return undefined
  const { id, name } = choice.inbox
  progress.step({ step: 'inbox', state: 'already', detail: `${name} (${id})` })
  return choice.inbox
}

function askWhich(answers: Answers, candidates: readonly Inbox[]): Promise<string> {
  const choices = candidates.map(({ id, name, webhookUrl }) => ({
    value: String(id),
    label: name,
    ...(webhookUrl === undefined ? {} : { hint: 'posts to another program now' }),
  }))
  return answers.need('inbox', { choices: [...choices, { value: 'new', label: 'a new inbox' }] })
}

async function createInbox({ client, answers, progress, webhookUrl }: InboxDeps) {
  const name = await answers.need('inboxName', { fallback: DEFAULT_NAME })
  // With the address from the start: a run that ends here is found again by it.
  const inbox = progress.dryRun
    ? undefined
    : await client.inboxes.create({ name, webhookUrl, lockToSingleConversation: true })
  const detail = inbox === undefined ? name : `${name} (${inbox.id})`
  progress.step({ step: 'inbox', state: 'created', detail })
  return inbox
}

async function pointAtUs(deps: InboxDeps, inbox: Inbox): Promise<InboxSetup> {
  const { account, client, existing, progress, webhookUrl } = deps
  const variable = accountVariable(account, 'chatwootToken')
  const plan = planWebhook({
    inbox,
    webhookUrl,
    knownToken:
      existing.accountValue(account, ['chatwoot', 'webhookToken']) ??
      existing.environment[variable],
    makeToken: () => randomBytes(24).toString('hex'),
  })
  if (plan.differs && !progress.dryRun) {
    await client.inboxes.update(inbox.id, { webhookUrl: plan.url })
  }
  const proof = plan.secret === undefined ? 'with a token, Chatwoot signs from 4.13 on' : 'signed'
  progress.step({
    step: 'inbox-webhook',
    state: plan.differs ? 'changed' : 'already',
    detail: `${webhookUrl} (${proof})`,
  })
  return {
    inbox,
    ...(plan.secret === undefined ? {} : { secret: plan.secret }),
    ...(plan.token === undefined ? {} : { token: plan.token }),
  }
}

/** How the inbox's webhooks will prove where they come from. */
type WebhookPlan = {
  url: string
  /** The inbox posts elsewhere now. */
  differs: boolean
  /** Chatwoot 4.13 and newer sign with it. */
  secret?: string
  /** Older ones only know the address, so it ends with this. */
  token?: string
}

/**
 * Where the inbox has to post. `makeToken` is asked only when the inbox has no secret and no token is known; the one
 * in the address it posts to now is reused, so that an interrupted run is not visible afterwards.
 */
export function planWebhook(options: {
  inbox: Inbox
  webhookUrl: string
  knownToken?: string | undefined
  makeToken: () => string
}): WebhookPlan {
  const { inbox, webhookUrl, knownToken, makeToken } = options
  if (inbox.secret !== undefined) {
    return { url: webhookUrl, differs: inbox.webhookUrl !== webhookUrl, secret: inbox.secret }
  }
  const token = knownToken ?? tokenIn(inbox.webhookUrl, webhookUrl) ?? makeToken()
  const url = `${webhookUrl}/${token}`
  return { url, differs: inbox.webhookUrl !== url, token }
}

function tokenIn(current: string | undefined, webhookUrl: string): string | undefined {
  if (!current?.startsWith(`${webhookUrl}/`)) return undefined
  const token = current.slice(webhookUrl.length + 1)
  return /^[\w.~-]+$/.test(token) ? token : undefined
}
