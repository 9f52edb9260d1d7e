import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findExecutable } from './executable.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'path-'))
  await writeFile(join(dir, 'program'), '', { mode: 0o755 })
  await writeFile(join(dir, 'text'), '', { mode: 0o644 })
})
afterAll(() => rm(dir, { recursive: true }))

it('finds the first of several programs on the PATH', async () => {
  const path = ['/nonexistent', dir, ''].join(delimiter)
  expect(await findExecutable(['missing', 'program'], path)).toBe(join(dir, 'program'))
})

it.each([['missing'], ['text']])('does not find %s', async (name) => {
  expect(await findExecutable([name], dir)).toBeUndefined()
})

it('finds nothing without a PATH', async () => {
  expect(await findExecutable(['program'], undefined)).toBeUndefined()
})
