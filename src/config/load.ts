import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BridgeError, ConfigError } from '../kernel/errors.ts'
import { correctBaseUrl } from '../platforms/wasender/base-url.ts'
import { loadEnvFile } from './env-file.ts'
import { applyEnvironment, type Environment } from './environment.ts'
import { parseYaml, type YamlFile } from './parse-yaml.ts'
import {
  type ConfigProblem,
  ConfigProblemsError,
  describeIssue,
  formatPath,
  fromIssue,
  type LocatedProblem,
} from './problems.ts'
import { type BridgeConfig, bridgeConfigSchema } from './schema.ts'
import { sharedValues } from './shared-values.ts'

/** Where the configuration is when nothing else is said. */
export const DEFAULT_CONFIG_PATH = join('config', 'bridge.yaml')

export type LoadedConfig = {
  config: BridgeConfig
  /** Sentences for the operator about what was corrected. */
  warnings: string[]
}

/** `leave`: accounts may share what they must not, for `check`, which looks at the rest as well. */
export type SharedValues = 'refuse' | 'leave'

/**
 * Reads, checks and completes the configuration. The file is `path`, else the variable
 * BRIDGE_CONFIG, else `config/bridge.yaml`. Variables come from the env file beside it as well.
 *
 * @throws {ConfigProblemsError} with every problem at once, or a ConfigError when there is no readable file.
 */
export async function loadConfig({
  path,
  env,
  shared,
}: {
  path?: string | undefined
  env: Environment
  shared?: SharedValues | undefined
}): Promise<LoadedConfig> {
  const file = configFileOf({ path, env })
  return parseConfig({ text: await read(file), file, env: await loadEnvFile(file, env), shared })
}

/** Which file it is: `path`, else the variable BRIDGE_CONFIG, else `config/bridge.yaml`. */
export function configFileOf({
  path,
  env,
}: {
  path?: string | undefined
  env: Environment
}): string {
  return path ?? env.BRIDGE_CONFIG ?? DEFAULT_CONFIG_PATH
}

/** {@link loadConfig} for a text that was read already; `file` is its name in messages. */
export function parseConfig({
  text,
  file,
  env,
  shared = 'refuse',
}: {
  text: string
  file: string
  env: Environment
  shared?: SharedValues | undefined
}): LoadedConfig {
  const yaml = parseYaml(text)
  if (yaml.problems.length > 0) throw new ConfigProblemsError(file, yaml.problems)
  const { value, problems } = applyEnvironment(yaml.tree, env)
  const result = bridgeConfigSchema.safeParse(withPort(value ?? {}, env), { error: describeIssue })
  const all = [...problems, ...notYetReported(result.error?.issues.flatMap(fromIssue), problems)]
  const { config, warnings } = result.success
    ? correctBaseUrls(result.data, all)
    : { config: undefined, warnings: [] }
  if (shared === 'refuse') all.push(...sharedValues(config ?? value))
  if (config === undefined || all.length > 0)
    throw new ConfigProblemsError(
      file,
      all.map((problem) => locate(problem, yaml)),
    )
  return { config, warnings }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    const advice = missing
      ? 'does not exist. Run "wasender-chatwoot setup", which writes it, create it with "cp config/bridge.example.yaml config/bridge.yaml" and fill it in, or name another file with --config or BRIDGE_CONFIG.'
      : 'cannot be read. Check that it is a file and that the user of the bridge may read it.'
    throw new ConfigError(`The configuration ${file} ${advice}`, {
      code: missing ? 'config.missing' : 'config.unreadable',
      context: { file },
      cause,
    })
  }
}

/** PORT is how hosts tell a service where to listen, so it wins over the file. */
function withPort(tree: unknown, env: Environment): unknown {
  const port = env.PORT
  if (port === undefined || port === '' || typeof tree !== 'object' || tree === null) return tree
  const server: unknown = Reflect.get(tree, 'server')
  if (typeof server !== 'object' || server === null) return tree
  return { ...tree, server: { ...server, port } }
}

/** A key whose variable is unset is one problem, not two. */
function notYetReported(
  found: readonly LocatedProblem[] = [],
  reported: readonly LocatedProblem[],
): LocatedProblem[] {
  const known = new Set(reported.map(({ at }) => formatPath(at)))
  return found.filter(({ at }) => !known.has(formatPath(at)))
}

function correctBaseUrls(config: BridgeConfig, problems: LocatedProblem[]): LoadedConfig {
  const warnings: string[] = []
  const accounts = config.accounts.map((account, index) => {
    const at = ['accounts', index, 'wasender', 'baseUrl']
    try {
      const { baseUrl, warning } = correctBaseUrl(account.wasender.baseUrl)
      if (warning !== undefined) warnings.push(`${formatPath(at)}: ${warning}`)
      return { ...account, wasender: { ...account.wasender, baseUrl } }
    } catch (error) {
      if (!(error instanceof BridgeError)) throw error
      problems.push({ at, message: 'expected an address such as https://www.wasenderapi.com/api' })
      return account
    }
  })
  return { config: { ...config, accounts }, warnings }
}

function locate({ at, ...rest }: LocatedProblem, yaml: YamlFile): ConfigProblem {
  const line = yaml.lineOf(at)
  return { path: formatPath(at), ...rest, ...(line === undefined ? {} : { line }) }
}
