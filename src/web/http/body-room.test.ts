import { describe, expect, it } from 'vitest'
import { createBodyRoom } from './body.ts'

const kilobytes = (count: number) => new Uint8Array(count * 1024).fill(7)

describe('the room for bodies of strangers', () => {
  it('holds bodies until they leave', () => {
    const held = createBodyRoom().enter()
    held.add(new Uint8Array([1, 2]))
    held.add(new Uint8Array([3]))
    expect(held.pieces()).toEqual([new Uint8Array([1, 2]), new Uint8Array([3])])
    held.leave()
    expect(held.pieces()).toBeUndefined()
    expect(createBodyRoom().enter().pieces()).toEqual([])
  })

  it('lets the largest go when it is full, and keeps the small ones', async () => {
    const room = createBodyRoom(100 * 1024)
    const [small, large, next] = [room.enter(), room.enter(), room.enter()]
    small.add(kilobytes(10))
    large.add(kilobytes(40))
    large.add(kilobytes(40))
    next.add(kilobytes(20))
    await large.evicted
    expect(large.pieces()).toBeUndefined()
    large.add(kilobytes(90))
    expect(small.pieces()).toEqual([kilobytes(10)])
    expect(next.pieces()).toEqual([kilobytes(20)])
  })

  it('does not let one in that is larger than all of it', async () => {
    const room = createBodyRoom(100 * 1024)
    const held = room.enter()
    held.add(kilobytes(101))
    await held.evicted
    expect(held.pieces()).toBeUndefined()
  })

  it('has room again for what came after', () => {
    const room = createBodyRoom(100 * 1024)
    for (let each = 0; each < 100; each += 1) {
      const held = room.enter()
      held.add(kilobytes(60))
      expect(held.pieces()).toBeDefined()
      held.leave()
    }
  })

  it('counts what many small pieces cost', async () => {
    const held = createBodyRoom(100 * 1024).enter()
    for (let each = 0; each < 1024; each += 1) held.add(new Uint8Array(1))
    await held.evicted
  })
})
