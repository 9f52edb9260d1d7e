import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { whyIncomplete } from './packages.mjs'

const WANTED = {
  '': { version: '1.0.0' },
  'node_modules/a': { version: '1.0.0' },
  'node_modules/a/node_modules/b': { version: '2.0.0' },
  'node_modules/tool': { version: '3.0.0', dev: true },
  'node_modules/other-platform': { version: '4.0.0', optional: true },
}

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'packages-'))
  await write('package-lock.json', { packages: WANTED })
  await install(['node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/tool'])
})

afterEach(() => rm(root, { recursive: true }))

const write = (file: string, value: unknown) => writeFile(join(root, file), JSON.stringify(value))

async function install(paths: (keyof typeof WANTED)[]): Promise<void> {
  for (const path of paths) {
    await mkdir(join(root, path), { recursive: true })
    await write(`${path}/package.json`, {})
  }
  await write('node_modules/.package-lock.json', {
    packages: Object.fromEntries(paths.map((path) => [path, WANTED[path]])),
  })
}

const why = (dev: boolean) => whyIncomplete({ dev, root })

it('is content with what the lock file asks for, packages of other platforms aside', () => {
  expect(why(true)).toBeUndefined()
})

it('does not ask for development packages in production', async () => {
  await install(['node_modules/a', 'node_modules/a/node_modules/b'])
  expect(why(false)).toBeUndefined()
  expect(why(true)).toBe('tool is missing or outdated')
})

it('sees a fresh clone', async () => {
  await rm(join(root, 'node_modules'), { recursive: true })
  expect(why(false)).toBe('there are none yet')
})

it('sees an outdated package, also a nested one', async () => {
  const nested = { 'node_modules/a/node_modules/b': { version: '2.0.1' } }
  await write('package-lock.json', { packages: { ...WANTED, ...nested } })
  expect(why(false)).toBe('b is missing or outdated')
})

it('sees a package that was removed by hand', async () => {
  await rm(join(root, 'node_modules/tool'), { recursive: true })
  expect(why(true)).toBe('tool is missing')
})
