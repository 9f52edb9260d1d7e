import { ConfigError } from '../../../kernel/errors.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import type { Session } from '../../../platforms/wasender/session-schema.ts'
import type { Sessions } from '../../../platforms/wasender/sessions.ts'
import type { Answers } from '../answers.ts'
import type { Existing } from '../files/existing.ts'
import type { Progress } from '../steps.ts'
import { chooseSession, planSession, recommendedSettings, type Unwanted } from './plan-session.ts'

export type SessionDeps = {
  account: AccountId
  sessions: Pick<Sessions, 'list' | 'get' | 'create' | 'update'>
  webhookUrl: string
  unwanted: Unwanted
  answers: Answers
  existing: Existing
  progress: Progress
}

/**
 * Takes over or makes the session; undefined when a dry run would have made it
 * (docs/platforms/wasender.md#session-routes).
 */
export async function setUpSession(deps: SessionDeps): Promise<Session | undefined> {
  const id = await findSession(deps)
  if (id === undefined) return createSession(deps)
  const session = await deps.sessions.get(id)
  await applySettings(deps, session)
  return session
}

async function findSession(deps: SessionDeps): Promise<number | undefined> {
  const { account, answers, existing, webhookUrl } = deps
  const sessions = await deps.sessions.list()
  const choose = (wanted: string | undefined) =>
    chooseSession({
      sessions,
      wanted,
      known: existing.accountValue(account, ['wasender', 'sessionId']),
      phone: answers.given('phone'),
      webhookUrl,
    })
  const first = choose(answers.given('session'))
  const choice = first.kind === 'ask' ? choose(await askWhich(answers, first.candidates)) : first
  if (choice.kind === 'impossible') throw new ConfigError(choice.why, { code: 'setup.no_session' })
  return choice.kind === 'adopt' ? choice.id : undefined
}

function askWhich(answers: Answers, candidates: readonly Session[]): Promise<string> {
  const choices = candidates.map(({ id, name, webhookUrl }) => ({
    value: String(id),
    label: name ?? 'without a name',
    ...(webhookUrl === undefined ? {} : { hint: 'posts to another program now' }),
  }))
  return answers.need('session', {
    choices: [...choices, { value: 'new', label: 'a new session' }],
  })
}

async function createSession(deps: SessionDeps): Promise<Session | undefined> {
  const { account, answers, progress, sessions, unwanted, webhookUrl } = deps
  const name = await answers.need('sessionName', { fallback: `Chatwoot ${account}` })
  const phoneNumber = await answers.need('phone')
  const created = progress.dryRun
    ? undefined
    : await sessions.create({
        name,
        phoneNumber,
        // The careful way for a number that has yet to earn WhatsApp's trust.
        accountProtection: true,
        ...recommendedSettings(webhookUrl, unwanted),
      })
  const detail = created === undefined ? name : `${name} (${created.id})`
  progress.step({ step: 'session', state: 'created', detail })
  progress.note(
    'Account protection is on for the new session: one message every 5 seconds at most, so that WhatsApp does not ' +
      'take it for a spammer. It can be turned off in the dashboard; the bridge notices.',
  )
  // Whether the answer to a create holds the credentials is not documented for every case.
  const complete = created === undefined || hasCredentials(created)
  return complete ? created : sessions.get(created.id)
}

const hasCredentials = ({ apiKey, webhookSecret }: Session) =>
  apiKey !== undefined && webhookSecret !== undefined

async function applySettings(deps: SessionDeps, session: Session): Promise<void> {
  const { progress, sessions, unwanted, webhookUrl } = deps
  const wanted = recommendedSettings(webhookUrl, unwanted)
  const changes = planSession(session, wanted)
  const names = Object.keys(changes)
  const name = describe(session)
  if (names.length === 0) {
    progress.step({ step: 'session', state: 'already', detail: name })
    return
  }
  const warning = progress.dryRun ? undefined : await update(sessions, session.id, changes, wanted)
  const detail = `${name}: ${names.join(', ')}`
  progress.step({ step: 'session', state: 'changed', detail })
  if (changes.logMessages) {
    progress.note(
      'The session now logs the messages sent through it: when the answer to a send is lost, only that log tells ' +
        'whether it went out.',
    )
  }
  if (warning !== undefined) {
    progress.note(
      'WasenderAPI has stored the settings of the session, but its webhook is not in effect yet: save the session ' +
        'once more in the dashboard, or restart it there.',
    )
  }
}

/** How fast it may send belongs to it: the setting is the operator's, and the bridge keeps to it. */
function describe({ id, name, accountProtection }: Session): string {
  const pace = accountProtection ? ', account protection on: one message every 5 s' : ''
  return `${name ?? 'without a name'} (${id})${pace}`
}

/**
 * With a warning the settings are stored but not in effect; storing them once more often helps
 * (docs/platforms/wasender.md#session-routes).
 */
async function update(
  sessions: SessionDeps['sessions'],
  id: number,
  changes: Partial<typeof wanted>,
  wanted: ReturnType<typeof recommendedSettings>,
): Promise<string | undefined> {
  const first = await sessions.update(id, changes)
  return first.warning === undefined ? undefined : (await sessions.update(id, wanted)).warning
}
