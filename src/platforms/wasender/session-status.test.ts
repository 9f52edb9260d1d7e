import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSessionStatus, SESSION_STATUSES } from './session-status.ts'

describe('parseSessionStatus', () => {
  it.each(SESSION_STATUSES)('knows %s in any case', (status) => {
    expect(parseSessionStatus(status)).toBe(status)
    expect(parseSessionStatus(` ${status.toUpperCase()} `)).toBe(status)
    expect(parseSessionStatus(status.replace('_', ' '))).toBe(status)
  })

  it('keeps the name of an unknown one', () => {
    expect(parseSessionStatus('Syncing_History')).toBe('unknown:syncing_history')
  })

  it('never throws and is never long', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string()), (raw) => {
        expect(parseSessionStatus(raw).length).toBeLessThanOrEqual(48)
      }),
    )
  })
})
