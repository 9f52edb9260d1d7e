import { EventEmitter } from 'node:events'
import type { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { createOutageGrace } from './lane-worker.ts'

function stage(status: string) {
  const redis = Object.assign(new EventEmitter(), { status })
  const time = { now: 1_000 }
  const outageGrace = createOutageGrace(redis as unknown as Redis, {
    delayMs: 100,
    now: () => time.now,
  })
  return { redis, time, outageGrace }
}

describe('bridges that share a Redis', () => {
  it('begin nothing for a while after their start, since an outage may just have ended', () => {
    const { time, outageGrace } = stage('ready')
    expect(outageGrace.heldMs()).toBe(100)
    time.now += 100
    expect(outageGrace.heldMs()).toBe(0)
  })

  it('begin nothing while it is away, nor for a while after', () => {
    const { redis, time, outageGrace } = stage('ready')
    time.now += 100
    redis.emit('close')
    time.now += 10_000
    expect(outageGrace.heldMs()).toBe(100)
    redis.emit('ready')
    time.now += 40
    expect(outageGrace.heldMs()).toBe(60)
    time.now += 60
    expect(outageGrace.heldMs()).toBe(0)
  })

  it('do the same when it is away as they start', () => {
    const { redis, time, outageGrace } = stage('connecting')
    expect(outageGrace.heldMs()).toBe(100)
    redis.emit('ready')
    time.now += 100
    expect(outageGrace.heldMs()).toBe(0)
  })

  it('do the same when it hangs with its connections', () => {
    const { time, outageGrace } = stage('ready')
    outageGrace.away()
    expect(outageGrace.heldMs()).toBe(100)
    outageGrace.back()
    time.now += 100
    expect(outageGrace.heldMs()).toBe(0)
  })

  it('begin anew when it goes away once more', () => {
    const { redis, time, outageGrace } = stage('ready')
    for (let again = 0; again < 2; again += 1) {
      redis.emit('close')
      redis.emit('ready')
      time.now += 99
    }
    expect(outageGrace.heldMs()).toBe(1)
  })
})
