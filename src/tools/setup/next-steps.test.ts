import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type AccountId, asId } from '../../kernel/ids.ts'
import { nextSteps } from './next-steps.ts'

const RESULT = {
  account: asId<AccountId>('sales'),
  publicUrl: 'https://bridge.example.com',
  configFile: join('config', 'bridge.yaml'),
  envFile: join('config', '.env'),
  wasender: { baseUrl: 'https://www.wasenderapi.com/api', sessionId: 1 },
}

describe('nextSteps', () => {
  it('are to start it, to link the phone, to check and to look', () => {
    const [start, link, check, look, ...rest] = nextSteps(RESULT, false)
    expect(start).toContain('npm start')
    expect(link).toContain('sessions qr --account sales')
    expect(check).toContain('wasender-chatwoot check')
    expect(look).toContain('https://bridge.example.com/admin')
    expect(rest).toEqual([])
  })

  it('leave out the phone that is linked', () => {
    expect(nextSteps(RESULT, true)).toHaveLength(3)
  })

  it('name a configuration that is elsewhere in every command', () => {
    const [start, link, check] = nextSteps({ ...RESULT, configFile: 'other.yaml' }, false)
    expect(start).toContain('serve --config other.yaml')
    expect(link).toContain('--config other.yaml')
    expect(check).toContain('check --config other.yaml')
  })

  it('send whoever has no personal access token to the dashboard', () => {
    const wasender = { baseUrl: RESULT.wasender.baseUrl }
    expect(nextSteps({ ...RESULT, wasender }, false)[1]).toContain('dashboard')
  })
})
