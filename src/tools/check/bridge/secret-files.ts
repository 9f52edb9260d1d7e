import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { envFileOf } from '../../../config/env-file.ts'
import type { BridgeConfig } from '../../../config/schema.ts'
import { type Finding, orOk, warning } from '../check.ts'
import type { BridgeCheck } from './context.ts'

/** A file as far as it matters who can read it. */
export type SecretFile = { name: string; text: string; mode: number }

/** Read permission of the group and of everybody. */
const OTHERS_READ = 0o044

/** Files with secrets that other users of the machine can read. */
export const secretFiles: BridgeCheck = {
  id: 'config.files',
  title: 'Configuration files',
  async run({ config, configFile }) {
    const files = await Promise.all([configFile, envFileOf(configFile)].map(look))
    const secrets = secretsOf(config)
    const findings = files.map((file) => file && judgeSecretFile(file, secrets))
    return orOk(findings, 'valid, and no secret is open to others.')
  },
}

/** A file in which only `${NAME}` stands for a secret may be read by anybody. */
export function judgeSecretFile(
  { name, text, mode }: SecretFile,
  secrets: readonly string[],
): Finding | undefined {
  const holdsSecret = secrets.some((secret) => text.includes(secret))
  if (!holdsSecret || (mode & OTHERS_READ) === 0) return undefined
  return warning(
    'config.files.open',
    `${name} holds secrets and can be read by other users of this machine.`,
    `Run: chmod 600 ${name}`,
  )
}

function secretsOf({ server, accounts }: BridgeConfig): string[] {
  const all = [
    server.adminToken,
    server.metricsToken,
    ...accounts.flatMap(({ wasender, chatwoot }) => [
      wasender.apiKey,
      wasender.webhookSecret,
      wasender.personalAccessToken,
      chatwoot.apiAccessToken,
      chatwoot.webhookSecret,
      chatwoot.webhookToken,
    ]),
  ]
  return all.filter((secret) => secret !== undefined)
}

async function look(file: string): Promise<SecretFile | undefined> {
  try {
    const [text, { mode }] = await Promise.all([readFile(file, 'utf8'), stat(file)])
    return { name: basename(file), text, mode }
  } catch (error) {
    // There need not be an env file, and the configuration was read a moment ago.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
