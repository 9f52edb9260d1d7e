import { describe, expect, it } from 'vitest'
import { knownDifferences, UNPLAYED } from './known-differences.ts'
import { play, playedNames } from './play.ts'
import { RECORDED_VERSIONS, recordedBodies } from './recorded.ts'

describe.each(RECORDED_VERSIONS)('the stand-in as Chatwoot %s', (version) => {
  it('sends the bodies that were recorded', async () => {
    const found = await play(version)
    const known = knownDifferences(version)
    const unexplained = found.filter((line) => !known.some(({ matches }) => matches.test(line)))
    const gone = known.filter(({ matches }) => !found.some((line) => matches.test(line)))
    expect(unexplained).toEqual([])
    expect(gone.map(({ reason }) => reason)).toEqual([])
  })

  it('is compared with every body but the ones named', () => {
    const played = playedNames()
    const left = recordedBodies(version).filter(({ name }) => !played.has(name))
    expect(left.filter(({ name }) => !Object.hasOwn(UNPLAYED, name))).toEqual([])
  })
})
