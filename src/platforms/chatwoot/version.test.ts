import { describe, expect, it } from 'vitest'
import { compareVersions, parseVersion, supports } from './version.ts'

describe('parseVersion', () => {
  it.each([
    ['4.16.2', { major: 4, minor: 16, patch: 2 }],
    ['v4.17', { major: 4, minor: 17, patch: 0 }],
    ['4.18.0.rc1', { major: 4, minor: 18, patch: 0, suffix: 'rc1' }],
    ['4.9.1-fork.3', { major: 4, minor: 9, patch: 1, suffix: 'fork.3' }],
    ['4.9.1+ee', { major: 4, minor: 9, patch: 1, suffix: 'ee' }],
    [' 4.16.2\n', { major: 4, minor: 16, patch: 2 }],
  ])('reads %j', (raw, expected) => {
    expect(parseVersion(raw)).toEqual({ raw, ...expected })
  })

  it.each(['', 'develop', '4', 'latest-4'])('does not guess from %j', (raw) => {
    expect(parseVersion(raw)).toBeUndefined()
  })

  it('orders releases by number, not by text', () => {
    const versions = ['4.16.2', '4.9.1', '5.0.0', '4.16.10'].flatMap(
      (raw) => parseVersion(raw) ?? [],
    )
    expect(versions.sort(compareVersions).map(({ raw }) => raw)).toEqual([
      '4.9.1',
      '4.16.2',
      '4.16.10',
      '5.0.0',
    ])
  })
})

describe('supports', () => {
  it.each([
    ['4.1.9', 'statusPatch', false],
    ['4.2.0', 'statusPatch', true],
    ['4.8.9', 'backslashNewlines', false],
    ['4.9.0', 'backslashNewlines', true],
    ['4.12.9', 'backslashNewlines', true],
    ['4.13.0', 'backslashNewlines', false],
    ['4.10.9', 'externalEcho', false],
    ['4.11.0', 'externalEcho', true],
    ['4.11.2', 'deliveredStatus', false],
    ['4.12.0', 'deliveredStatus', true],
    ['4.12.1', 'signedInboxWebhooks', false],
    ['4.13.0', 'signedInboxWebhooks', true],
    ['4.13.0-fork.1', 'signedInboxWebhooks', true],
    ['5.0.0', 'mergesCustomAttributes', true],
  ] as const)('in %s: %s is %s', (raw, feature, expected) => {
    expect(supports(parseVersion(raw))[feature]).toBe(expected)
  })

  it('takes an unreadable version for the newest', () => {
    const { backslashNewlines, ...others } = supports(undefined)
    expect(backslashNewlines).toBe(false)
    expect(new Set(Object.values(others))).toEqual(new Set([true]))
  })
})
