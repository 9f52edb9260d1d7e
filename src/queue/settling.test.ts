import { EventEmitter } from 'node:events'
import type { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { createSettling } from './lane-worker.ts'

function stage(status: string) {
  const redis = Object.assign(new EventEmitter(), { status })
  const time = { now: 1_000 }
  const settling = createSettling(redis as unknown as Redis, {
    settleMs: 100,
    now: () => time.now,
  })
  return { redis, time, settling }
}

describe('bridges that share a Redis', () => {
  it('begin nothing for a while after their start, since an outage may just have ended', () => {
    const { time, settling } = stage('ready')
    expect(settling.heldMs()).toBe(100)
    time.now += 100
    expect(settling.heldMs()).toBe(0)
  })

  it('begin nothing while it is away, nor for a while after', () => {
    const { redis, time, settling } = stage('ready')
    time.now += 100
    redis.emit('close')
    time.now += 10_000
    expect(settling.heldMs()).toBe(100)
    redis.emit('ready')
    time.now += 40
    expect(settling.heldMs()).toBe(60)
    time.now += 60
    expect(settling.heldMs()).toBe(0)
  })

  it('do the same when it is away as they start', () => {
    const { redis, time, settling } = stage('connecting')
    expect(settling.heldMs()).toBe(100)
    redis.emit('ready')
    time.now += 100
    expect(settling.heldMs()).toBe(0)
  })

  it('do the same when it hangs with its connections', () => {
    const { time, settling } = stage('ready')
    settling.away()
    expect(settling.heldMs()).toBe(100)
    settling.back()
    time.now += 100
    expect(settling.heldMs()).toBe(0)
  })

  it('begin anew when it goes away once more', () => {
    const { redis, time, settling } = stage('ready')
    for (let again = 0; again < 2; again += 1) {
      redis.emit('close')
      redis.emit('ready')
      time.now += 99
    }
    expect(settling.heldMs()).toBe(1)
  })
})
