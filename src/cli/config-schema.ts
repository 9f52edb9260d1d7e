import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { renderJsonSchema } from '../config/json-schema.ts'
import type { CliContext } from './context.ts'

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
