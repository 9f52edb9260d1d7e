import { chmod, mkdir, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseEnv } from 'node:util'
import type { Environment } from '../../../config/environment.ts'
import { parseConfig } from '../../../config/load.ts'
import { UNFINISHED, writeDurably } from '../../../kernel/durable-file.ts'
import { ConfigError } from '../../../kernel/errors.ts'
import type { Progress } from '../steps.ts'
import { type EditedConfig, editConfig } from './edit-config.ts'
import type { Existing } from './existing.ts'
import { type Outcome, wantedAtTop, wantedOfAccount } from './wanted-config.ts'

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

/** For files without secrets. */
export const READABLE = 0o644
/** Only the owner. */
export const PRIVATE = 0o600

/**
 * Replaces a file as a whole, so that whoever reads it meanwhile sees the old one or the new one. An existing file
 * keeps its permissions unless it is to be private.
 */
export async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const before = mode === PRIVATE ? undefined : await modeOf(path)
  // Whatever bears the name of the unfinished file may be open to others, or a link to somewhere else.
  await rm(path + UNFINISHED, { force: true })
  await writeDurably(path, text)
  await chmod(path, before ?? mode)
}

/** Permission bits; undefined when there is no file. */
export async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode & 0o777
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Needs no quotes in any reader of such files. */
const PLAIN = /^[\w.,~:/+=@%^|-]+$/

/**
 * The text of an env file with variables set. Lines of others, comments and order stay; a variable that has its
 * value already is not touched, so the same set twice gives the same text.
 *
 * @throws {ConfigError} `setup.env_value` when a value cannot be written down so that it is read back alike.
 */
export function editEnv(text: string, variables: Readonly<Record<string, string>>): string {
  let edited = text
  for (const [name, value] of Object.entries(variables)) {
    if (parseEnv(edited)[name] === value) continue
    edited = withValue(edited, name, value)
  }
  return edited
}

/** Whether a way of writing is read back alike is tried: double quotes, say, turn `\n` into the end of a line. */
function withValue(text: string, name: string, value: string): string {
  const texts = waysToWrite(value).map((written) => withLine(text, name, `${name}=${written}`))
  const edited = texts.find((each) => parseEnv(each)[name] === value)
  if (edited !== undefined) return edited
  throw new ConfigError(`The value of ${name} cannot be written into an env file.`, {
    code: 'setup.env_value',
    context: { name },
  })
}

function withLine(text: string, name: string, line: string): string {
  const existing = new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=.*$`, 'm')
  // As a function, because a value may hold what `replace` would take for a pattern.
  if (existing.test(text)) return text.replace(existing, () => line)
  const gap = text === '' || text.endsWith('\n') ? '' : '\n'
  return `${text}${gap}${line}\n`
}

/** Single quotes first: what is in them is taken as it is, also by docker compose. */
function waysToWrite(value: string): string[] {
  if (PLAIN.test(value)) return [value]
  return ["'", '"', '`'].map((mark) => `${mark}${value}${mark}`)
}
