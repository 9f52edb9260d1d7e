import type { AccountId, ChatId, ConversationId, KeyId } from '../../kernel/ids.ts'

/**
 * Every key in Redis. In front of each stands the bridge's prefix. They never change: after an upgrade they hold what the
 * release before wrote, and several processes of different releases may use them at once.
 */
export const REDIS_KEYS = {
  // What waits, and who works on it (`src/queue`).
  laneOrder: 'lane:{lane}:order',
  laneEntries: 'lane:{lane}:entries',
  laneIndex: 'lanes:{direction}:{account}',
  laneSequence: 'sequence',
  waiting: 'waiting',
  inHand: 'in-hand',
  living: 'living:{run}',
  lookNow: 'look-now:{lane}',
  bull: 'bull',
  throttle: 'throttle:{name}',
  // Dead letters.
  deadLetters: 'failures:{account}',
  deadLetterOrder: 'failures:{account}:{direction}',
  deadLetterOfMessage: 'failures:{account}:messages',
  deadLetterSequence: 'failures:sequence',
  // Messages of customers and of the phone.
  claim: 'claim:{account}:{keyId}',
  telling: 'told:{account}:{kind}:{about}',
  twin: 'twin:{account}:{keyId}',
  unread: 'unread:{account}:{chat}',
  // Messages of agents.
  lastLane: 'last-lane:{account}:{conversation}',
  paceSends: 'pace:{account}:sends',
  paceLine: 'pace:{account}:line',
  paceSpacing: 'pace:{account}:spacing',
  // What became of a send.
  earlyReceipt: 'early:{account}:{keyId}',
  takenForEcho: 'claimed:{account}:{keyId}',
  answered: 'answered:{account}:{lid}',
  failureGuess: 'failure:{account}:{name}',
  unnamedFailures: 'unnamed-failures:{account}',
  infoWatermark: 'told-infos:{account}',
  // What was missed.
  covered: 'covered:{account}:{conversation}',
  swept: 'swept:{account}',
  // What rests, and who is told.
  sessionDown: 'session:{account}:down',
  sessionAsked: 'session:{account}:asked',
  sessionRecent: 'session:{account}:recent',
  sessionWaiters: 'session:{account}:waiters',
  limit: 'limit:{account}:{code}',
  alerts: 'operator:{account}',
  // People.
  openLids: 'open-lids:{account}',
  openLidTries: 'open-lids:{account}:tries',
  openLidsFound: 'open-lids-found',
  deletedContacts: 'deleted-contacts:{account}',
  // The rest.
  signedOut: 'signed-out:{id}',
  marker: 'marker',
  damaged: 'damaged:{what}',
  /** In front of the keys of the store, when it is in Redis. Those below stand behind that. */
  store: 'store:',
  storeRecords: '{collection}:records',
  storeAges: '{collection}:ages',
  storeSequence: '{collection}:sequence',
  /** In front of the name of an index and what it is about. */
  storeIndexes: '{collection}:by:',
} as const

export type RedisKey = keyof typeof REDIS_KEYS

/** What may stand in a key; anything else is text. */
type Parts = {
  account: AccountId
  chat: ChatId
  conversation: ConversationId
  keyId: KeyId
}

type PartsIn<Pattern extends string> = Pattern extends `${string}{${infer Name}}${infer Rest}`
  ? [Name extends keyof Parts ? Parts[Name] : string, ...PartsIn<Rest>]
  : []

/** What a key is made of, in the order of its pattern. */
export type KeyParts<Key extends RedisKey> = PartsIn<(typeof REDIS_KEYS)[Key]>

/** The name of a key. `prefix` is that of all the bridge's keys; empty for the name behind it. */
export function redisKey<Key extends RedisKey>(
  prefix: string,
  key: Key,
  ...parts: KeyParts<Key>
): string {
  const left: (string | number)[] = [...parts]
  return prefix + REDIS_KEYS[key].replace(/\{\w+\}/g, () => String(left.shift()))
}

/** What all keys of a pattern begin with, up to the first part that is not the account. */
export function keyStart(key: RedisKey, account?: AccountId): string {
  const [start = ''] = REDIS_KEYS[key].replace('{account}', account ?? '{account}').split('{')
  return start
}
