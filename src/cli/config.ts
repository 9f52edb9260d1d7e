import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { stringify } from 'yaml'
import { renderJsonSchema } from '../config/json-schema.ts'
import type { AccountConfig, BridgeConfig } from '../config/schema.ts'
import { formatDuration, formatSize } from '../config/units.ts'
import { type CliContext, loadForCommand, writeResult } from './context.ts'

/** `config schema`: the JSON Schema of the configuration, for editors. */
export function registerConfigSchema(parent: Command, cli: CliContext): void {
  parent
    .command('schema')
    .description('print the JSON Schema of the configuration')
    .option('-o, --output <file>', 'write it to a file, such as config/bridge.schema.json')
    .action(async ({ output }: { output?: string }) => {
      const schema = renderJsonSchema()
      if (output === undefined) cli.stdout.write(schema)
      else await writeFile(output, schema)
    })
}

/** `config print`: the checked configuration with its defaults and without its secrets. */
export function registerConfigPrint(parent: Command, cli: CliContext): void {
  parent
    .command('print')
    .description('check the configuration and print it with defaults, secrets as ***')
    .action(async (_options: object, command: Command) => {
      const { config } = await loadForCommand(command, cli)
      const value = redactedConfig(config)
      writeResult(command, cli, { value, text: stringify(value) })
    })
}

const HIDDEN = '***'

/**
 * The configuration fit for a screen: secrets as `***`, durations and sizes the way they are written in the
 * file. It is a plain tree and can be printed as YAML or JSON.
 */
export function redactedConfig(config: BridgeConfig): Record<string, unknown> {
  const { server, redis, data, accounts } = config
  return {
    server: hide(server, ['adminToken', 'metricsToken']),
    ...(redis === undefined ? {} : { redis: { url: withoutPassword(redis.url) } }),
    data,
    accounts: accounts.map((account) => ({
      id: account.id,
      wasender: hide(account.wasender, ['apiKey', 'webhookSecret', 'personalAccessToken']),
      chatwoot: hide(account.chatwoot, ['apiAccessToken', 'webhookSecret', 'webhookToken']),
      options: readable(account.options),
    })),
  }
}

function hide<T extends object>(group: T, secrets: readonly (keyof T & string)[]) {
  const hidden = new Set<string>(secrets)
  return Object.fromEntries(
    Object.entries(group).map(([key, value]) => [
      key,
      hidden.has(key) && value !== undefined ? HIDDEN : value,
    ]),
  )
}

function withoutPassword(address: string): string {
  const url = URL.parse(address)
  if (url === null) return address
  if (url.password !== '') url.password = HIDDEN
  url.search = ''
  return url.href
}

function readable(options: AccountConfig['options']) {
  const { media, catchUp, retryFor } = options
  return {
    ...options,
    media: { ...media, maxBytes: formatSize(media.maxBytes) },
    retryFor: formatDuration(retryFor),
    catchUp: { maxAge: formatDuration(catchUp.maxAge), every: formatDuration(catchUp.every) },
  }
}
