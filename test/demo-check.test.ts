import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'

const MAIN = join(import.meta.dirname, '../src/cli/main.ts')

type StepReport = { name: string; result: string; ms: number; problem?: string }
type Report = { passed: boolean; steps: StepReport[] }

/** Runs the command line; resolves when it has ended. */
async function cli(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, stdout, stderr }
}

const TIMEOUT = { timeout: 300_000 }

describe.concurrent('demo --check', () => {
  it('passes every step and exits with 0', TIMEOUT, async () => {
    const { code, stdout, stderr } = await cli('demo', '--check', '--json')
    const { passed, steps }: Report = JSON.parse(stdout)
    expect(steps.filter(({ result }) => result !== 'passed')).toEqual([])
    expect(steps.length).toBeGreaterThanOrEqual(148)
    expect({ passed, code, stderr }).toEqual({ passed: true, code: 0, stderr: '' })
  })

  it('exits with 1 when the bridge does not take what WhatsApp tells', TIMEOUT, async () => {
    const { code, stdout } = await cli('demo', '--check', '--json', '--break', 'whatsapp-secret')
    const { passed, steps }: Report = JSON.parse(stdout)
    expect({ passed, code }).toEqual({ passed: false, code: 1 })
    const failed = steps.filter(({ result }) => result === 'failed')
    expect(failed.length).toBeGreaterThan(0)
    expect(failed.every(({ problem }) => problem !== undefined && problem !== '')).toBe(true)
    // Nobody waits for a hundred steps that cannot work.
    expect(steps.some(({ result }) => result === 'skipped')).toBe(true)
  })

  it('prints a line per step, a table by direction and what failed', TIMEOUT, async () => {
    const { code, stdout } = await cli('demo', '--check', '--break', 'whatsapp-key')
    expect(code).toBe(1)
    expect(stdout).toMatch(/^passed {2}it is ready \(\d+ ms\)$/m)
    expect(stdout).toMatch(/│ Step +│ Result +│ +ms │/)
    expect(stdout).toMatch(/│ WhatsApp → helpdesk \(\d+\) +│/)
    expect(stdout).toMatch(/│ {3}a text arrives +│ passed +│/)
    expect(stdout).toMatch(/^a reply gets its ticks: /m)
    expect(stdout).toMatch(/(\d+) of (?!\1 )\d+ steps passed/)
  })
})

describe('demo', () => {
  it('prints where the page is and ends cleanly on SIGINT', { timeout: 60_000 }, async () => {
    const child = spawn(process.execPath, [MAIN, 'demo', '--port', '0'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = once(child, 'close')
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
    const places = /^The demo is at (http:\/\/[\d.:]+), what its admin sees at \1\/admin \(.*\n$/
    const url = places.exec(String(line))?.[1]
    const page = await fetch(String(url))
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    // An open page must not hold it up.
    const events = await fetch(`${url}/events`)
    child.kill('SIGINT')
    const [code] = await ended
    expect(code).toBe(0)
    await expect(events.text()).rejects.toThrow()
  })
})
