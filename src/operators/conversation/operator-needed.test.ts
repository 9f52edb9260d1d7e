import { describe, expect, it } from 'vitest'
import { OperatorNeededError, TransientError } from '../../kernel/errors.ts'
import { createOperatorNeeded } from './operator-desk.ts'
import { createOperatorBackdrop, MINUTE, NOW } from './testing.ts'

const refused = (code: string) => new OperatorNeededError(`Mend ${code}.`, { code })

describe('an error that somebody has to mend', () => {
  it('is told once a day, each reason for itself, however many messages meet it', async () => {
    const backdrop = createOperatorBackdrop()
    const needed = createOperatorNeeded(backdrop)
    const meet = (code: string) => needed(backdrop.account, refused(code))
    for (let n = 0; n < 50; n += 1) await meet('wasender.unauthorized')
    await meet('wasender.subscription')
    expect(backdrop.news()).toEqual([
      {
        is: 'needed',
        code: 'wasender.unauthorized',
        reason: 'Mend wasender.unauthorized.',
        at: NOW,
      },
      {
        is: 'needed',
        code: 'wasender.subscription',
        reason: 'Mend wasender.subscription.',
        at: NOW,
      },
    ])
    backdrop.wait(25 * 60 * MINUTE)
    await meet('wasender.subscription')
    expect(backdrop.news()).toHaveLength(1)
  })

  it('is not told when it mends itself, or when Chatwoot is what refuses', async () => {
    const backdrop = createOperatorBackdrop()
    const needed = createOperatorNeeded(backdrop)
    await needed(backdrop.account, new TransientError('Later.', { code: 'wasender.unavailable' }))
    await needed(backdrop.account, refused('chatwoot.unauthorized'))
    await needed(backdrop.account, new Error('A bug'))
    expect(backdrop.news()).toEqual([])
  })
})
