import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { redactedConfig } from '../cli/config.ts'
import { allKeys, configJsonSchema, renderJsonSchema, type SchemaNode } from './json-schema.ts'
import { parseConfig } from './load.ts'

const folder = new URL('../../config/', import.meta.url)
const example = await readFile(new URL('bridge.example.yaml', folder), 'utf8')

/** Every variable the example names, with a value that fits. */
function dummyEnvironment(): Record<string, string> {
  const names = [...example.matchAll(/\$\{([A-Z_]+)\}/g)].map(([, name]) => String(name))
  return {
    ...Object.fromEntries(names.map((name) => [name, `dummy-${name}`])),
    REDIS_URL: 'redis://r',
  }
}

function keysOf(tree: unknown, prefix = ''): string[] {
  if (Array.isArray(tree)) return tree.flatMap((item) => keysOf(item, `${prefix}[]`))
  if (typeof tree !== 'object' || tree === null) return []
  return Object.entries(tree).flatMap(([name, value]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`
    return [path, ...keysOf(value, path)]
  })
}

describe('bridge.example.yaml', () => {
  it('has every key of the schema and no other', () => {
    expect(keysOf(parse(example)).sort()).toEqual(allKeys(configJsonSchema()).sort())
  })

  it('loads and shows the defaults', () => {
    const { config, warnings } = parseConfig({ text: example, file: 'e', env: dummyEnvironment() })
    expect(warnings).toEqual([])
    const tree = parse(example)
    delete tree.accounts[0].options
    delete tree.data
    delete tree.server.host
    delete tree.server.port
    delete tree.accounts[0].wasender.baseUrl
    delete tree.accounts[0].wasender.routes
    const bare = parseConfig({ text: JSON.stringify(tree), file: 'e', env: dummyEnvironment() })
    expect(bare.config).toEqual(config)
  })
})

describe('bridge.schema.json', () => {
  it('is what `wasender-chatwoot config schema` writes', async () => {
    const stored = await readFile(new URL('bridge.schema.json', folder), 'utf8')
    expect(stored).toBe(renderJsonSchema())
  })

  it('describes every key', () => {
    const bare: string[] = []
    const visit = (node: SchemaNode, path: string): void => {
      for (const [name, child] of Object.entries(node.properties ?? {})) {
        if (!child.description) bare.push(`${path}${name}`)
        visit(child, `${path}${name}.`)
        visit(child.items ?? {}, `${path}${name}[].`)
      }
    }
    visit(configJsonSchema(), '')
    expect(bare).toEqual([])
  })
})

describe('redactedConfig', () => {
  it('holds no secret and can be read again as a configuration', () => {
    const env = {
      ...dummyEnvironment(),
      REDIS_URL: 'redis://user:dummy-pass@r:6379/1?password=dummy-x',
    }
    const { config } = parseConfig({ text: example, file: 'e', env })
    const text = JSON.stringify(redactedConfig(config))
    expect(text).not.toContain('dummy')
    expect(text).toContain('***')
    const readable = text.replaceAll('***', 'hidden-and-long-enough')
    const again = parseConfig({ text: readable, file: 'printed', env: {} }).config
    expect(again.accounts[0]?.options).toEqual(config.accounts[0]?.options)
  })
})
