import type { Command } from 'commander'
import { stringify } from 'yaml'
import { redactedConfig } from '../config/redact.ts'
import { type CliContext, loadForCommand, writeResult } from './context.ts'

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
