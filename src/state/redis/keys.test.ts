import { describe, expect, it } from 'vitest'
import { type AccountId, asId, type ConversationId, type KeyId } from '../../kernel/ids.ts'
import { keyStart, REDIS_KEYS, redisKey } from './keys.ts'
import { MEMORIES } from './memories.ts'

const SALES = asId<AccountId>('sales')

/** What the release before wrote and this one still reads. During an upgrade Redis holds it. */
const OF_THE_RELEASE_BEFORE = [
  'bull',
  'claim:{account}:{keyId}',
  'claimed:{account}:{keyId}',
  'covered:{account}:{conversation}',
  'early:{account}:{keyId}',
  'failure:{account}:{name}',
  'failures:sequence',
  'failures:{account}',
  'failures:{account}:messages',
  'failures:{account}:{direction}',
  'lane:{lane}:entries',
  'lane:{lane}:order',
  'lanes:{direction}:{account}',
  'last-lane:{account}:{conversation}',
  'look-now:{lane}',
  'operator:{account}',
  'pace:{account}:line',
  'pace:{account}:sends',
  'pace:{account}:spacing',
  'sequence',
  'session:{account}:asked',
  'session:{account}:down',
  'session:{account}:recent',
  'session:{account}:waiters',
  'store:',
  'swept:{account}',
  'throttle:{name}',
  'told-infos:{account}',
  'unnamed-failures:{account}',
  'unread:{account}:{chat}',
  'waiting',
  '{collection}:ages',
  '{collection}:by:',
  '{collection}:records',
  '{collection}:sequence',
]

describe('the keys', () => {
  it('are those of the release before', () => {
    expect(Object.values(REDIS_KEYS)).toEqual(expect.arrayContaining(OF_THE_RELEASE_BEFORE))
  })

  it('are each there once', () => {
    const patterns = Object.values(REDIS_KEYS)
    expect(new Set(patterns).size).toBe(patterns.length)
  })

  it('hold what they are given, as it is', () => {
    expect(redisKey('p:', 'lastLane', SALES, asId<ConversationId>(12))).toBe('p:last-lane:sales:12')
    expect(redisKey('', 'laneOrder', '{account}:$&')).toBe('lane:{account}:$&:order')
    expect(redisKey('p:', 'living', '')).toBe('p:living:')
  })

  it('begin with what is the same in all of a kind', () => {
    expect(keyStart('laneOrder')).toBe('lane:')
    expect(keyStart('twin', SALES)).toBe('twin:sales:')
    const twin = redisKey('', 'twin', SALES, asId<KeyId>('A'))
    expect(twin).toBe(`${keyStart('twin', SALES)}A`)
  })
})

describe('the memories', () => {
  const kinds = Object.entries(MEMORIES)

  it.each(kinds)('%s can be found when a person is to be forgotten', (_, { key, personIn }) => {
    const pattern: string = REDIS_KEYS[key]
    const hasAddress = /\{(?:chat|lid|lane|about|name)\}/.test(pattern)
    if (personIn === 'key') expect(hasAddress).toBe(true)
    if (pattern.match(/\{(?:chat|lid|lane|about)\}/)) expect(personIn).toBe('key')
    if (personIn === 'message') expect(pattern).toMatch(/^[\w-]+:\{account\}:\{keyId\}$/)
    if (personIn === 'value') expect(pattern).toMatch(/^[\w-]+:\{account\}:/)
  })

  it('of a person are kept for 60 days at most, as docs/security.md says', () => {
    const ofPeople = kinds.filter(([, { personIn }]) => personIn !== 'nowhere')
    const longest = ofPeople.map(([, { keepForMs }]) => (keepForMs === 'as told' ? 0 : keepForMs))
    expect(longest.every((ms) => ms !== 'for ever' && ms <= 60 * 24 * 3_600_000)).toBe(true)
  })

  it('have a key each', () => {
    expect(new Set(kinds.map(([, { key }]) => key)).size).toBe(kinds.length)
  })
})
