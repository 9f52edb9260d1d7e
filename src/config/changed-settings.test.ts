import { describe, expect, it } from 'vitest'
import { changedSettings } from '../accounts/credentials/reconfigure.ts'
import { parseConfig } from './load.ts'
import { MINIMAL_ENV, MINIMAL_YAML } from './testing.ts'

const read = (text: string) => parseConfig({ text, file: 'bridge.yaml', env: MINIMAL_ENV }).config
const before = read(MINIMAL_YAML)

describe('changed settings', () => {
  it('are none when only the spelling differs', () => {
    expect(changedSettings(before, read(`# a comment\n${MINIMAL_YAML}`))).toEqual([])
  })

  it('are named by path, the accounts by id', () => {
    const text = MINIMAL_YAML.replace('server:', 'server:\n  port: 4000').replace(
      '  - id: sales',
      '  - id: sales\n    options:\n      pace: 100',
    )
    expect(changedSettings(before, read(text))).toEqual([
      'server.port',
      'accounts[sales].options.pace',
    ])
  })

  it('name an account that came or went', () => {
    const after = read(MINIMAL_YAML.replace('id: sales', 'id: support'))
    expect(changedSettings(before, after)).toEqual(['accounts[sales]', 'accounts[support]'])
  })

  it('never hold a value', () => {
    const after = read(
      MINIMAL_YAML.replace('server:', 'server:\n  adminToken: planted-long-admin-token'),
    )
    expect(changedSettings(before, after)).toEqual(['server.adminToken'])
  })
})
