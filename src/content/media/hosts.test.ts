import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPublicAddress } from '../../kernel/network-address.ts'
import { type HostPolicy, publicLookup, standingOf } from './hosts.ts'

const LISTED: HostPolicy = {
  configured: ['http://127.0.0.1:4100/api', 'https://gateway.internal/prefix/api'],
  hosts: ['www.wasenderapi.com', '*.whatsapp.net'],
}
const ANY: HostPolicy = { configured: ['http://chatwoot:3000'], hosts: 'any' }

describe('standingOf', () => {
  it.each<[string, HostPolicy, string]>([
    ['http://127.0.0.1:4100/api/decrypted-media/1', LISTED, 'configured'],
    ['https://gateway.internal/media/1', LISTED, 'configured'],
    ['https://www.wasenderapi.com/api/decrypted-media/1', LISTED, 'public'],
    ['https://WWW.WASENDERAPI.COM/x', LISTED, 'public'],
    ['https://mmg.whatsapp.net/v/t62.enc?ccb=11-4', LISTED, 'public'],
    ['https://media-fra3-1.cdn.whatsapp.net/v', LISTED, 'public'],
    ['http://chatwoot:3000/rails/active_storage/x', ANY, 'configured'],
    ['https://bucket.s3.amazonaws.com/x?sig=1', ANY, 'public'],
    ['https://storage.example:9443/x', ANY, 'public'],
    ['https://[2606:4700::1111]/x', ANY, 'public'],
  ])('%s is allowed', (url, policy, standing) => {
    expect(standingOf(new URL(url), policy)).toBe(standing)
  })

  it.each<[string, HostPolicy]>([
    ['http://127.0.0.1:4101/', LISTED],
    ['https://127.0.0.1:4100/', LISTED],
    ['http://localhost:4100/', LISTED],
    ['http://www.wasenderapi.com/x', LISTED],
    ['https://www.wasenderapi.com:8443/x', LISTED],
    ['https://www.wasenderapi.com@evil.example/x', LISTED],
    ['https://user:pass@www.wasenderapi.com/x', LISTED],
    ['https://www.wasenderapi.com.evil.example/x', LISTED],
    ['https://wasenderapi.com/x', LISTED],
    ['https://whatsapp.net/x', LISTED],
    ['https://notwhatsapp.net/x', LISTED],
    ['https://mmg.whatsapp.net.evil.example/x', LISTED],
    ['ftp://mmg.whatsapp.net/x', LISTED],
    ['http://storage.example/x', ANY],
    ['https://10.0.0.1/x', ANY],
    ['https://2130706433/x', ANY],
    ['https://0x7f.1/x', ANY],
    ['https://169.254.169.254/latest/meta-data', ANY],
    ['https://[::1]/x', ANY],
    ['https://[::ffff:10.0.0.1]/x', ANY],
    ['https://[64:ff9b::a9fe:a9fe]/x', ANY],
    ['https://[fd00::1]/x', ANY],
  ])('%s is refused', (url, policy) => {
    expect(() => standingOf(new URL(url), policy)).toThrow(
      expect.objectContaining({ code: 'media.host_refused' }),
    )
  })
})

describe('isPublicAddress', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700::1111', '64:ff9b::808:808'])(
    'knows %s as public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )

  it.each(['100.64.0.1', '0.0.0.0', '255.255.255.255', '::', 'fe80::1%eth0', '2002:a00:1::', 'x'])(
    'knows %s as not public',
    (address) => expect(isPublicAddress(address)).toBe(false),
  )

  it('sees through every spelling of an IPv4 address in IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        if (isPublicAddress(address)) return
        expect(isPublicAddress(`::ffff:${address}`)).toBe(false)
        expect(isPublicAddress(`64:ff9b::${address}`)).toBe(false)
      }),
    )
  })
})

describe('publicLookup', () => {
  const PRIVATE = { address: '10.0.0.7', family: 4 }
  const PUBLIC = { address: '203.0.114.7', family: 4 }
  const found = (...addresses: { address: string; family: number }[]) =>
    publicLookup((_host, _options, callback) => callback(null, addresses))
  const ask = (lookup: ReturnType<typeof publicLookup>, all: boolean) =>
    new Promise<unknown>((resolve, reject) => {
      lookup('files.example', { all }, (error, address, family) =>
        error === null ? resolve(all ? address : { address, family }) : reject(error),
      )
    })

  it('leaves private addresses out of the answer', async () => {
    expect(await ask(found(PRIVATE, PUBLIC), true)).toEqual([PUBLIC])
    expect(await ask(found(PRIVATE, PUBLIC), false)).toEqual(PUBLIC)
  })

  it('refuses a name that has only private addresses', async () => {
    for (const all of [true, false]) {
      await expect(ask(found(PRIVATE), all)).rejects.toMatchObject({ code: 'media.host_refused' })
    }
  })

  it('hands the failure of the look-up on', async () => {
    const failed = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
    const lookup = publicLookup((_host, _options, callback) => callback(failed, []))
    await expect(ask(lookup, true)).rejects.toBe(failed)
  })
})
