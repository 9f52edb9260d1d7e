/** Parts of a set-up, in the order they are done. */
export type StepName =
  | 'chatwoot'
  | 'inbox'
  | 'inbox-webhook'
  | 'agents'
  | 'wasender'
  | 'session'
  | 'secrets'
  | 'configuration'

export type StepState = 'already' | 'created' | 'changed'

/** What was found or done. `detail` never holds a secret or a phone number. */
export type Step = { step: StepName; state: StepState; detail: string }

/** What goes on during a set-up. */
export type Progress = {
  /** Nothing is changed anywhere; steps say what would be done. */
  dryRun: boolean
  step(step: Step): void
  /** Something the operator should know, as a sentence. */
  note(text: string): void
}

const TITLES: Readonly<Record<StepName, string>> = {
  chatwoot: 'Chatwoot',
  inbox: 'Inbox',
  'inbox-webhook': 'Webhook of the inbox',
  agents: 'Agents',
  wasender: 'WasenderAPI',
  session: 'Session',
  secrets: 'Secrets',
  configuration: 'Configuration',
}

const DONE: Readonly<Record<StepState, string>> = {
  already: 'already so',
  created: 'created',
  changed: 'changed',
}

const INTENDED: Readonly<Record<StepState, string>> = {
  already: 'already so',
  created: 'would create',
  changed: 'would change',
}

/** One line for a terminal. */
export function stepLine({ step, state, detail }: Step, dryRun: boolean): string {
  const words = (dryRun ? INTENDED : DONE)[state]
  return `${words.padEnd(13)}${TITLES[step]}: ${detail}`
}
