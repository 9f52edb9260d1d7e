import { EventEmitter } from 'node:events'
import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { PermanentError } from '../kernel/errors.ts'
import type { SessionTarget } from './session-account.ts'
import { linkByQr } from './sessions-qr.ts'

/** A session whose codes are over as soon as they are shown; it is connected after `connectsAfter` of them. */
function target(connectsAfter = Number.POSITIVE_INFINITY) {
  let asked = 0
  const control = {
    async qr() {
      asked += 1
      if (asked <= connectsAfter) return { qr: `2@code-${asked}`, expiresAt: 0 }
      throw new PermanentError('It is connected.', { code: 'session.connected' })
    },
  }
  return {
    account: { id: 'sales' },
    control,
    managed: async () => ({}),
    qrCommand: 'wasender-chatwoot sessions qr --account sales',
  } as unknown as SessionTarget
}

/** A session whose code stays good while nobody scans it. */
function waiting(): SessionTarget {
  const qr = async () => ({ qr: '2@code', expiresAt: Number.POSITIVE_INFINITY })
  return { ...target(), control: { qr } } as unknown as SessionTarget
}

function output() {
  const parts: string[] = []
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      parts.push(String(chunk))
      done()
    },
  })
  const cli = { env: {}, stdout, stderr: stdout, color: false }
  const written = () => parts.join('')
  return {
    cli,
    written,
    forget: () => parts.splice(0),
    codes: () => parts.join('').split('Scan it with the phone').length - 1,
  }
}

describe('linkByQr', () => {
  it('shows code after code until one was scanned', async () => {
    const { cli, codes } = output()
    await linkByQr(target(3), cli)
    expect(codes()).toBe(3)
  })

  it('shows one only, by option', async () => {
    const { cli, codes } = output()
    await linkByQr(target(), cli, { once: true })
    expect(codes()).toBe(1)
  })

  it('does not go on for ever where nobody looks', async () => {
    const { cli, codes } = output()
    await expect(linkByQr(target(), cli)).rejects.toMatchObject({ code: 'session.not_scanned' })
    expect(codes()).toBe(6)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends with %s on a terminal, and leaves it as it was', async (signal, exitCode) => {
    const { cli, written } = output()
    const signals = new EventEmitter()
    const linking = linkByQr(waiting(), { ...cli, interactive: true, signals })
    linking.catch(() => undefined)
    await expect.poll(() => written()).toContain('Waiting for the scan')
    signals.emit(signal)
    await expect(linking).rejects.toMatchObject({
      exitCode,
      message: expect.stringMatching(/not linked yet.*sessions qr --account sales/),
    })
    expect(written().endsWith('\r\u001b[2K')).toBe(true)
    expect(signals.eventNames()).toEqual([])
  })

  it('ends also while the gateway takes its time to answer', async () => {
    const { cli } = output()
    const signals = new EventEmitter()
    const qr = () => new Promise<never>(() => undefined)
    const stuck = { ...target(), control: { qr } } as unknown as SessionTarget
    const linking = linkByQr(stuck, { ...cli, signals })
    signals.emit('SIGTERM')
    await expect(linking).rejects.toMatchObject({ exitCode: 143 })
  })

  it('asks for a wider window instead of a code in pieces, and shows it there', async () => {
    const { cli, written, forget } = output()
    const stdout = Object.assign(cli.stdout, { columns: 20 })
    const signals = new EventEmitter()
    const linking = linkByQr(waiting(), { ...cli, interactive: true, signals })
    linking.catch(() => undefined)
    await expect.poll(() => written()).toContain('Waiting for the scan')
    expect(written()).toMatch(/^Make the window at\nleast 25 columns/)
    expect(written()).toContain('/admin')
    expect(written()).not.toContain('█')
    forget()
    stdout.columns = 25
    stdout.emit('resize')
    expect(written()).toContain('█')
    expect(written()).not.toContain('Make the window')
    signals.emit('SIGINT')
    await expect(linking).rejects.toMatchObject({ exitCode: 130 })
    expect(stdout.listenerCount('resize')).toBe(0)
  })

  it('refuses to show one only where it does not fit', async () => {
    const { cli, codes } = output()
    Object.assign(cli.stdout, { columns: 20 })
    await expect(linkByQr(target(), cli, { once: true })).rejects.toMatchObject({
      code: 'cli.narrow_terminal',
      message: expect.stringContaining('at least 25 columns wide'),
    })
    expect(codes()).toBe(0)
  })
})
