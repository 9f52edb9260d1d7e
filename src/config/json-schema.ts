import { z } from 'zod'
import { bridgeConfigSchema } from './schema.ts'

/** What this program reads of a JSON Schema. */
export type SchemaNode = {
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly items?: SchemaNode
  readonly description?: string
}

/** The JSON Schema of `bridge.yaml` as a person writes it, for editors. */
export function configJsonSchema(): SchemaNode & { readonly title: string } {
  const schema = z.toJSONSchema(bridgeConfigSchema, { io: 'input' }) as SchemaNode
  return { title: 'wasender-chatwoot: config/bridge.yaml', ...schema }
}

/** The text of `config/bridge.schema.json`. */
export function renderJsonSchema(): string {
  return `${JSON.stringify(configJsonSchema(), null, 2)}\n`
}

/** Names of the keys that may stand at `path`; empty when nothing is known there. */
export function knownKeys(schema: SchemaNode, path: readonly PropertyKey[]): string[] {
  const node = path.reduce<SchemaNode | undefined>(
    (current, step) =>
      typeof step === 'number' ? current?.items : current?.properties?.[String(step)],
    schema,
  )
  return Object.keys(node?.properties ?? {})
}

/** Every key as a path with `[]` for list entries, e.g. `accounts[].wasender.apiKey`. */
export function allKeys(schema: SchemaNode, prefix = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, node]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`
    return [path, ...allKeys(node, path), ...allKeys(node.items ?? {}, `${path}[]`)]
  })
}
