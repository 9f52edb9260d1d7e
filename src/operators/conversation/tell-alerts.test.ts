import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startPlatforms, type TestPlatforms } from '../../people/testing.ts'
import { createOperatorPlace } from './operator-place.ts'
import { createOperatorThreads } from './operator-thread.ts'
import { createTellAlerts } from './tell-alerts.ts'
import { MINUTE, NOW } from './testing.ts'

let platforms: TestPlatforms
let oldest = 0
beforeEach(async () => {
  oldest = NOW - 6 * MINUTE
  platforms = await startPlatforms()
})
afterEach(() => platforms.close())

const clock = { now: () => NOW }

/** Made anew each time, as by another process. */
function alerts() {
  const place = createOperatorPlace({ store: platforms.store, clock })
  const open = createOperatorThreads({ place })
  const waiting = async () => [
    { account: platforms.account.id, direction: 'in' as const, count: 2, oldest },
  ]
  return createTellAlerts({ open, lanes: { waiting }, clock })
}

const backlog = { is: 'backlog', direction: 'in', since: NOW - 6 * MINUTE, count: 2 } as const
const over = { is: 'backlog-over', direction: 'in', since: backlog.since } as const
const shown = () =>
  platforms.chatwoot
    .allMessages()
    .map(({ messageType, content }) => ({ messageType, content: content ?? '' }))

describe('lines about what is stuck or lost', () => {
  it('are written once, whoever writes them', async () => {
    const { account } = platforms
    const failures = { is: 'failures', count: 2, newest: 'x', reason: 'Too odd.' } as const
    const needed = { is: 'needed', code: 'c', reason: 'Renew the key.', at: NOW } as const
    for (let n = 0; n < 2; n += 1) {
      await alerts().backlog(account, backlog)
      await alerts().backlogOver(account, over)
      await alerts().failures(account, failures)
      await alerts().needed(account, needed)
    }
    expect(shown()).toEqual([
      { messageType: 'incoming', content: expect.stringMatching(/^2 messages from WhatsApp wait/) },
      { messageType: 'activity', content: expect.stringMatching(/arrive again/) },
      { messageType: 'incoming', content: expect.stringMatching(/^2 messages.*Too odd\./) },
      { messageType: 'incoming', content: expect.stringMatching(/Renew the key\.$/) },
    ])
  })

  it('leave out a backlog that is over by the time it could be told', async () => {
    const { account } = platforms
    oldest = NOW - MINUTE / 2
    await alerts().backlog(account, backlog)
    await alerts().backlogOver(account, over)
    expect(shown()).toEqual([])
  })
})
