import { parseEnv } from 'node:util'
import type { Environment } from '../../config/environment.ts'
import { parseConfig } from '../../config/load.ts'
import type { Progress } from '../steps.ts'
import { type EditedConfig, editConfig } from './edit-config.ts'
import { editEnv } from './edit-env.ts'
import type { Existing } from './existing.ts'
import { type Outcome, wantedAtTop, wantedOfAccount } from './wanted-config.ts'
import { modeOf, PRIVATE, READABLE, replaceFile } from './write-file.ts'

/**
 * Puts the outcome into the configuration and its secrets into the env file. The secrets come first: a
 * configuration never takes a variable that is not there.
 *
 * @throws {ConfigProblemsError} before anything is written, when the result would not load.
 */
export async function writeDown(deps: {
  outcome: Outcome
  existing: Existing
  /** Of the process. */
  env: Environment
  progress: Progress
}): Promise<void> {
  const { outcome, existing, env, progress } = deps
  const { configFile, envFile, environment } = existing
  const { variables, ...config } = editConfig({
    text: existing.configText,
    environment,
    account: outcome.account,
    top: wantedAtTop(outcome),
    ofAccount: wantedOfAccount(outcome),
  })
  const envText = editEnv(existing.envText, variables)
  const exposed = await isExposed(envFile)
  if (!progress.dryRun) {
    parseConfig({ text: config.text, file: configFile, env: { ...parseEnv(envText), ...env } })
    if (envText !== existing.envText || exposed) await replaceFile(envFile, envText, PRIVATE)
    if (config.text !== existing.configText) await replaceFile(configFile, config.text, READABLE)
  }
  reportSecrets(deps, Object.keys(variables), exposed)
  reportConfig(deps, config)
  noteOverruled(variables, env, progress)
}

/** Whether others on this machine can read it. */
async function isExposed(file: string): Promise<boolean> {
  return (((await modeOf(file)) ?? PRIVATE) & 0o077) !== 0
}

function reportSecrets(
  { existing, progress }: { existing: Existing; progress: Progress },
  names: readonly string[],
  exposed: boolean,
): void {
  const { envFile, envText } = existing
  if (names.length === 0) {
    const state = exposed ? 'changed' : 'already'
    progress.step({ step: 'secrets', state, detail: envFile })
    return
  }
  const state = envText === '' ? 'created' : 'changed'
  progress.step({ step: 'secrets', state, detail: `${envFile}: ${names.join(', ')}` })
}

function reportConfig(
  { existing, progress }: { existing: Existing; progress: Progress },
  config: Pick<EditedConfig, 'text' | 'changed'>,
): void {
  const { configFile, configText } = existing
  const step = 'configuration'
  if (configText === undefined) progress.step({ step, state: 'created', detail: configFile })
  else if (config.text === configText) {
    progress.step({ step, state: 'already', detail: configFile })
  } else {
    const detail = `${configFile}: ${config.changed.join(', ')}`
    progress.step({ step, state: 'changed', detail })
  }
}

/** The environment has the last word, so what it sets to something else would not take effect. */
function noteOverruled(
  variables: Readonly<Record<string, string>>,
  env: Environment,
  progress: Progress,
): void {
  for (const [name, value] of Object.entries(variables)) {
    const actual = env[name]
    if (actual === undefined || actual === value) continue
    progress.note(`${name} is set in the environment too, to another value, which wins. Unset it.`)
  }
}
