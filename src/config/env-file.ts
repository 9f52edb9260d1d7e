import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseEnv } from 'node:util'
import { ConfigError } from '../kernel/errors.ts'
import type { Environment } from './environment.ts'

/** The file with the secrets of a configuration: `.env` in its folder. */
export function envFileOf(configFile: string): string {
  return join(dirname(configFile), '.env')
}

/**
 * The variables a configuration may take: those of its env file, and before them those of the process, so that
 * whoever starts the bridge has the last word. Without the file it is just the environment.
 *
 * @throws {ConfigError} `config.env_unreadable` when there is a file that cannot be read.
 */
export async function loadEnvFile(configFile: string, env: Environment): Promise<Environment> {
  return { ...parseEnv(await readEnvFile(envFileOf(configFile))), ...env }
}

/** The text of an env file; empty when there is none. */
export async function readEnvFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return ''
    throw new ConfigError(
      `${file} cannot be read. Check that it is a file and that the user of the bridge may read it.`,
      { code: 'config.env_unreadable', context: { file }, cause },
    )
  }
}
