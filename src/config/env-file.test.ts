import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { envFileOf, loadEnvFile } from './env-file.ts'

let dir: string
let config: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'env-file-'))
  config = join(dir, 'bridge.yaml')
})
afterEach(() => rm(dir, { recursive: true }))

it('lies beside the configuration', () => {
  expect(envFileOf(config)).toBe(join(dir, '.env'))
  expect(envFileOf('bridge.yaml')).toBe('.env')
})

it('gives its variables, and the process has the last word', async () => {
  await writeFile(join(dir, '.env'), "# secrets\nA=1\nexport B='2 # $x'\nC=3\n")
  expect(await loadEnvFile(config, { C: 'mine', D: '4' })).toEqual({
    A: '1',
    B: '2 # $x',
    C: 'mine',
    D: '4',
  })
})

it('need not exist', async () => {
  expect(await loadEnvFile(config, { A: '1' })).toEqual({ A: '1' })
})

it('that cannot be read is an error that says so', async () => {
  await mkdir(join(dir, '.env'))
  await expect(loadEnvFile(config, {})).rejects.toMatchObject({
    code: 'config.env_unreadable',
    message: expect.stringContaining('.env cannot be read'),
  })
})
