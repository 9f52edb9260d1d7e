import { describe, expect, it } from 'vitest'
import type { Entry, Lane } from '../../queue/entry.ts'
import { WaitUntil } from '../../queue/wait-until.ts'
import { createDebounceStatus } from './handle-news.ts'
import { createOperatorBackdrop, NOW } from './testing.ts'

const CALM = 10_000

function start() {
  const backdrop = createOperatorBackdrop()
  const { account, desk, clock } = backdrop
  let waiting: Entry[] = []
  const lanes = {
    entries: async () => [...waiting],
    remove: async (_lane: Lane, id: string) => {
      waiting = waiting.filter((entry) => entry.id !== id)
      return waiting.length > 0
    },
  }
  const debounceStatus = createDebounceStatus({ desk, lanes, clock, debounceMs: CALM })
  let sequence = 0
  const lane: Lane = { direction: 'status', account: account.id, key: 'operator-calm' }
  return {
    ...backdrop,
    hear(status: string) {
      sequence += 1
      const event = { type: 'operator', news: { is: 'heard', status } }
      waiting.push({ id: String(sequence), receivedAt: clock.now(), event, attempts: 0 })
    },
    /** Lets the lane have its turn, at the moment it asked for. */
    async turn() {
      try {
        await debounceStatus(account, lane)
        return 'done'
      } catch (error) {
        if (!(error instanceof WaitUntil)) throw error
        backdrop.wait(error.until - clock.now())
        return 'later'
      }
    },
    left: () => waiting.length,
  }
}

describe('a session that changes', () => {
  it('is told of when it has stayed like that for ten seconds, not before', async () => {
    const { hear, turn, news, left } = start()
    hear('disconnected')
    expect(await turn()).toBe('later')
    expect(news()).toEqual([])
    expect(await turn()).toBe('done')
    expect(news()).toEqual([{ is: 'session', status: 'disconnected', at: NOW }])
    expect(left()).toBe(0)
  })

  it('makes one piece of news of any flapping: the state it ended in', async () => {
    const { hear, turn, wait, news } = start()
    for (const status of ['disconnected', 'connected', 'disconnected', 'connected']) {
      hear(status)
      wait(4_000)
      expect(await turn()).toBe('later')
      wait(-(CALM - 4_000))
    }
    hear('logged_out')
    const { at } = { at: NOW + 4 * 4_000 }
    while ((await turn()) === 'later') expect(news()).toEqual([])
    expect(news()).toEqual([{ is: 'session', status: 'logged_out', at }])
  })

  it('may be connecting for a minute before that is news', async () => {
    const { hear, turn, wait, news } = start()
    hear('connecting')
    wait(CALM)
    await turn()
    expect(news()).toEqual([])
    wait(-1)
    expect(await turn()).toBe('later')
    expect(await turn()).toBe('done')
    expect(news()).toMatchObject([{ status: 'connecting', at: NOW }])
  })

  it('is left alone when nothing was heard', async () => {
    const { turn, news } = start()
    expect(await turn()).toBe('done')
    expect(news()).toEqual([])
  })
})
