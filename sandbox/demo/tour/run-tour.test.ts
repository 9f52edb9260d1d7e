import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLogger } from '../../../src/kernel/log.ts'
import { type DemoWorld, startDemoWorld } from '../world.ts'
import { tourReport } from './report.ts'
import { runTour } from './run-tour.ts'
import { expectThat, type Step } from './step.ts'

let world: DemoWorld
beforeAll(async () => {
  world = await startDemoWorld({ log: createLogger({ level: 'silent' }) })
}, 20_000)
afterAll(() => world.close())

const step = (name: string, run: Step['run']): Step => ({ name, direction: 'bridge', run })
const good = step('good', async () => undefined)
const bad = step('bad', async () => expectThat(false, 'It should work.'))
const never = step('never', () => new Promise(() => undefined))

describe('runTour', () => {
  it('goes on after a step that fails and tells why', async () => {
    const told: string[] = []
    const listener = {
      onBegin: ({ name }: Step) => void told.push(`begin ${name}`),
      onEnd: ({ result }: { result: string }) => void told.push(result),
    }
    const { signal } = new AbortController()
    const results = await runTour(world, [bad, good], { listener, signal })
    expect(told).toEqual(['begin bad', 'failed', 'begin good', 'passed'])
    expect(results[0]).toMatchObject({ name: 'bad', problem: 'It should work.' })
    const report = tourReport(results, false)
    expect(report).toContain('bad: It should work.')
    expect(report).toContain('1 of 2 steps passed')
  })

  it('ends at once when it is told to', async () => {
    const stopping = new AbortController()
    const listener = { onBegin: () => stopping.abort(new Error('stop')), onEnd: () => undefined }
    const tour = runTour(world, [never, good], { listener, signal: stopping.signal })
    await expect(tour).rejects.toThrow('stop')
  })
})
