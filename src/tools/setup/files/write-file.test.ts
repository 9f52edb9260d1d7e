import {
  chmod,
  lstat,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { modeOf, PRIVATE, READABLE, replaceFile } from './write-down.ts'

let dir: string
let file: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'setup-'))
  file = join(dir, 'new', '.env')
})
afterEach(() => rm(dir, { recursive: true }))

it('makes the folder and a private file, and leaves nothing else behind', async () => {
  await replaceFile(file, 'A=1\n', PRIVATE)
  expect(await readFile(file, 'utf8')).toBe('A=1\n')
  expect(await modeOf(file)).toBe(0o600)
  expect(await readdir(join(dir, 'new'))).toEqual(['.env'])
})

it('makes a file private that was not, and keeps the permissions of others', async () => {
  const shared = join(dir, 'shared')
  await writeFile(shared, 'old')
  await chmod(shared, 0o664)
  await replaceFile(shared, 'new', READABLE)
  expect(await modeOf(shared)).toBe(0o664)
  await replaceFile(shared, 'new', PRIVATE)
  expect(await modeOf(shared)).toBe(0o600)
})

it('puts a new file in the place of the old one instead of writing into it', async () => {
  const path = join(dir, 'file')
  await writeFile(path, 'old')
  const reader = await open(path)
  await replaceFile(path, 'new', READABLE)
  expect(await reader.readFile('utf8')).toBe('old')
  await reader.close()
  expect(await readFile(path, 'utf8')).toBe('new')
})

it('writes secrets through no link that waits at the name of the unfinished file', async () => {
  const [path, elsewhere] = [join(dir, 'file'), join(dir, 'elsewhere')]
  await writeFile(elsewhere, 'theirs')
  await symlink(elsewhere, `${path}.tmp`)
  await replaceFile(path, 'A=secret', PRIVATE)
  expect(await readFile(elsewhere, 'utf8')).toBe('theirs')
  expect((await lstat(path)).isFile()).toBe(true)
})

it('knows no permissions of what does not exist', async () => {
  expect(await modeOf(join(dir, 'none'))).toBeUndefined()
})
