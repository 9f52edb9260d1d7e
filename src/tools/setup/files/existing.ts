import { readFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'
import { envFileOf, readEnvFile } from '../../../config/env-file.ts'
import { applyEnvironment, type Environment } from '../../../config/environment.ts'
import { parseYaml } from '../../../config/parse-yaml.ts'
import { ConfigProblemsError, formatPath, type KeyPath } from '../../../config/problems.ts'

/** What an earlier run or a person has written down already. */
export type Existing = {
  configFile: string
  /** Undefined when there is no configuration yet. */
  configText: string | undefined
  envFile: string
  envText: string
  /** What a bridge started now would see: the env file, and the process's variables before it. */
  environment: Environment
  accountIds: string[]
  /** A value with its variables put in; undefined when it is missing or a variable is not set. */
  valueAt(path: KeyPath): string | undefined
  /** The same for a key of an account, e.g. `['chatwoot', 'inboxId']`. */
  accountValue(id: string, path: KeyPath): string | undefined
}

/**
 * Reads configuration and env file as they are, finished or not.
 *
 * @throws {ConfigProblemsError} when the configuration is no YAML, which is for a person to mend.
 */
export async function readExisting(configFile: string, env: Environment): Promise<Existing> {
  const envFile = envFileOf(configFile)
  const [configText, envText] = await Promise.all([readText(configFile), readEnvFile(envFile)])
  const yaml = parseYaml(configText ?? '')
  if (yaml.problems.length > 0) throw new ConfigProblemsError(configFile, yaml.problems)
  const environment = { ...parseEnv(envText), ...env }
  const { value: tree, problems } = applyEnvironment(yaml.tree, environment)
  const unset = new Set(problems.map(({ at }) => formatPath(at)))

  function valueAt(path: KeyPath): string | undefined {
    const value = path.reduce<unknown>(childOf, tree)
    const isScalar = ['string', 'number', 'boolean'].includes(typeof value)
    return isScalar && !unset.has(formatPath(path)) && value !== '' ? String(value) : undefined
  }

  const accounts = childOf(tree, 'accounts')
  const count = Array.isArray(accounts) ? accounts.length : 0
  const accountIds = Array.from({ length: count }, (_, at) => valueAt(['accounts', at, 'id']) ?? '')
  return {
    ...{ configFile, configText, envFile, envText, environment, accountIds, valueAt },
    accountValue(id, path) {
      const index = accountIds.indexOf(id)
      return index === -1 ? undefined : valueAt(['accounts', index, ...path])
    },
  }
}

function childOf(parent: unknown, key: PropertyKey): unknown {
  return typeof parent === 'object' && parent !== null ? Reflect.get(parent, key) : undefined
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
