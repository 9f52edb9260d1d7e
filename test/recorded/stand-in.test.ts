import { describe, expect, it } from 'vitest'
import { knownDifferences, knownRefusals, UNPLAYED, unexplained } from './known-differences.ts'
import { play, playedNames } from './play.ts'
import { RECORDED_VERSIONS, recordedBodies } from './recorded.ts'
import { playRefusals } from './refusals.ts'

describe.each(RECORDED_VERSIONS)('the stand-in as Chatwoot %s', (version) => {
  it('sends the bodies that were recorded', async () => {
    expect(unexplained(await play(version), knownDifferences(version))).toEqual([])
  })

  it('refuses what was refused, with the same words', async () => {
    expect(unexplained(await playRefusals(version), knownRefusals(version))).toEqual([])
  })

  it('is compared with every body but the ones named', () => {
    const played = playedNames()
    const left = recordedBodies(version).filter(({ name }) => !played.has(name))
    expect(left.filter(({ name }) => !Object.hasOwn(UNPLAYED, name))).toEqual([])
  })
})
