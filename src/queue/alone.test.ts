import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createAlone } from './turn.ts'

function work() {
  const { promise, resolve } = Promise.withResolvers<string>()
  let isBegun = false
  return {
    run: () => {
      isBegun = true
      return promise
    },
    end: () => resolve('done'),
    isBegun: () => isBegun,
  }
}

const never = () => {
  throw new Error('Its window is not over')
}

const settle = async () => {
  for (let n = 0; n < 5; n += 1) await nextTurn()
}

describe('who begins alone', () => {
  it('waits for those at work, and has all others wait', async () => {
    const alone = createAlone({ windowMs: 60_000 })
    const [first, suspect, second] = [work(), work(), work()]
    const runs = [alone.beside(first.run), alone.alone(suspect.run, never)]
    await settle()
    runs.push(alone.beside(second.run))
    await settle()
    expect([suspect.isBegun(), second.isBegun()]).toEqual([false, false])
    first.end()
    await settle()
    expect([suspect.isBegun(), second.isBegun()]).toEqual([true, false])
    suspect.end()
    await settle()
    expect(second.isBegun()).toBe(true)
    second.end()
    expect(await Promise.all(runs)).toEqual(['done', 'done', 'done'])
  })

  it('lets others begin when it lets time pass', async () => {
    const alone = createAlone({ windowMs: 5 })
    const [suspect, other] = [work(), work()]
    let isOver = false
    const running = alone.alone(suspect.run, () => {
      isOver = true
    })
    await settle()
    const beside = alone.beside(other.run)
    await expect.poll(other.isBegun).toBe(true)
    expect(isOver).toBe(true)
    suspect.end()
    other.end()
    expect(await Promise.all([running, beside])).toEqual(['done', 'done'])
  })

  it('gives way to work that does not end, and several begin one after the other', async () => {
    const alone = createAlone({ windowMs: 60_000, othersMs: 5 })
    const hung = work()
    const running = alone.beside(hung.run)
    expect(await alone.alone(async () => 'never', never)).toBeUndefined()
    hung.end()
    await running
    const order: number[] = []
    const one = (n: number) => async () => {
      order.push(n)
      await nextTurn()
      order.push(n)
    }
    await Promise.all([alone.alone(one(1), never), alone.alone(one(2), never)])
    expect(order).toEqual([1, 1, 2, 2])
  })

  it('passes a failure on, and lets others begin after it', async () => {
    const alone = createAlone()
    await expect(
      alone.alone(async () => {
        throw new Error('no')
      }, never),
    ).rejects.toThrow('no')
    expect(await alone.beside(async () => 'yes')).toBe('yes')
  })

  it('has nobody wait once it is closed', async () => {
    const alone = createAlone({ windowMs: 60_000, othersMs: 60_000 })
    const hung = work()
    const running = alone.beside(hung.run)
    const waiting = [alone.alone(async () => 'a', never)]
    await settle()
    waiting.push(alone.beside(async () => 'b'))
    await settle()
    alone.close()
    expect(await Promise.all(waiting)).toEqual([undefined, undefined])
    hung.end()
    await running
  })
})
