import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { PermanentError } from '../errors.ts'
import { linkByQr } from './sessions-qr.ts'
import type { SessionTarget } from './sessions-target.ts'

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
  } as unknown as SessionTarget
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
  return { cli, codes: () => parts.join('').split('Scan it with the phone').length - 1 }
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
})
