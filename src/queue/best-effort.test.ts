import { describe, expect, it } from 'vitest'
import { PermanentError, TransientError } from '../kernel/errors.ts'
import { bestEffort } from './lane-worker.ts'

const failing = (error: Error) => async () => {
  throw error
}
const transient = new TransientError('Busy', { code: 'test.busy' })

describe('an effort that is a courtesy', () => {
  it('is repeated while it may succeed, then let go', async () => {
    await expect(bestEffort({ attempts: 0 }, 3, failing(transient))).rejects.toBe(transient)
    await expect(bestEffort({ attempts: 1 }, 3, failing(transient))).rejects.toBe(transient)
    await expect(bestEffort({ attempts: 2 }, 3, failing(transient))).resolves.toBeUndefined()
  })

  it('is let go at once when it is refused', async () => {
    const refused = new PermanentError('No', { code: 'test.refused' })
    await expect(bestEffort({ attempts: 0 }, 3, failing(refused))).resolves.toBeUndefined()
  })

  it('hides no bug', async () => {
    const bug = new TypeError('x is undefined')
    await expect(bestEffort({ attempts: 9 }, 3, failing(bug))).rejects.toBe(bug)
  })
})
