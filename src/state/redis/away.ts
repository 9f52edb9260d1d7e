import type { Redis } from 'ioredis'
import { TransientError } from '../../kernel/errors.ts'

/**
 * First words of answers that are about one command or its key; any other word tells how Redis itself is: starting, failed
 * over, full, without its disk, not for us. Which of those there are grows with every release of it.
 */
const ABOUT_ONE_COMMAND = new Set(['ERR', 'WRONGTYPE', 'NOSCRIPT', 'BUSYKEY', 'CROSSSLOT'])

/** Where the class of an error is not known to be Redis's. */
const REFUSALS = new Set([
  'LOADING',
  'READONLY',
  'OOM',
  'MISCONF',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'TRYAGAIN',
  'NOREPLICAS',
  'BUSY',
  'NOAUTH',
  'NOPERM',
  'WRONGPASS',
  'UNBLOCKED',
])

/** How ioredis says that a command did not reach Redis, or that its answer did not come back. */
const UNREACHED = [
  'Connection is closed',
  "Stream isn't writeable",
  'Command aborted due to connection close',
  'Command timed out',
  'Reached the max retries per request limit',
  'Socket timeout',
  'connect ETIMEDOUT',
]

const SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'EACCES',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/**
 * The reason in a word or two when Redis cannot be reached or takes no writes; `undefined` for any other error. Commands
 * that failed so may have been carried out all the same.
 */
export function awayReason(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error instanceof TransientError) return reasonIn(error)
  const word = firstWord(error)
  // A transaction is refused as a whole because of what is wrong with its parts.
  if (word === 'EXECABORT') return partOf(error) ?? word
  if (word === 'ERR') return inSentence(error.message)
  if (word !== undefined && isAboutRedis(word, error)) return word
  if (error.name === 'ParserError') return 'it does not answer like a Redis'
  if (UNREACHED.some((text) => error.message.startsWith(text))) return 'it cannot be reached'
  if ('code' in error && SYSTEM.has(String(error.code)) && !('path' in error && isFile(error))) {
    return String(error.code)
  }
  return undefined
}

/**
 * The first word of an answer that is about one command or its key, such as `WRONGTYPE`: Redis is there, but something in it
 * is not as it should be. `undefined` for any other error.
 */
export function refusedCommand(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const isStore = error instanceof TransientError && error.code === 'store.redis_failed'
  if (!isStore && awayReason(error) !== undefined) return undefined
  const word = isStore ? String(error.context.reply) : isReply(error) && firstWord(error)
  return word && ABOUT_ONE_COMMAND.has(word) ? word : undefined
}

const isReply = ({ name }: Error): boolean => name === 'ReplyError'

function firstWord({ message }: Error): string | undefined {
  return /^[A-Z]+(?= |$)/.exec(message)?.[0]
}

function isAboutRedis(word: string, error: Error): boolean {
  return REFUSALS.has(word) || (isReply(error) && !ABOUT_ONE_COMMAND.has(word))
}

/** Before version 7 the refusal of a command stands within what Redis says about the script that gave it. */
function inSentence(message: string): string | undefined {
  if (message.startsWith('ERR max number of clients')) return 'it takes no more connections'
  if (!message.startsWith('ERR Error running script')) return undefined
  const word = /-([A-Z]+) /.exec(message)?.[1]
  return word !== undefined && !ABOUT_ONE_COMMAND.has(word) ? word : undefined
}

/** The bridge's own errors about Redis carry the reason. */
function reasonIn({ code, context }: TransientError): string | undefined {
  if (code === 'store.redis_failed') return String(context.reply)
  return code === 'redis.away' ? String(context.reason) : undefined
}

/** File operations fail with some of the same codes, but never by connecting. */
function isFile(error: Error): boolean {
  return 'syscall' in error && error.syscall !== 'connect'
}

function partOf(error: Error): string | undefined {
  if (!('previousErrors' in error) || !Array.isArray(error.previousErrors)) return undefined
  return error.previousErrors.map(awayReason).find((reason) => reason !== undefined)
}

/** What is wrong with a Redis that says so, and what helps. */
const MEANINGS: Readonly<Record<string, string>> = {
  OOM: 'it is full, raise its maxmemory',
  READONLY: 'it is a read-only replica, point redis.url to the primary',
  LOADING: 'it is still reading its files',
  MISCONF: 'it cannot write to its disk, look whether that is full',
  BUSY: 'a script keeps it busy',
  MASTERDOWN: 'it has lost its primary',
  NOREPLICAS: 'too few of its replicas are there',
  CLUSTERDOWN: 'its cluster is down',
  TRYAGAIN: 'its cluster is being rearranged',
  MOVED: 'it is part of a cluster, which the bridge cannot use',
  NOPERM: 'the user in redis.url may not do what the bridge needs',
  NOAUTH: 'it wants a password, see redis.url',
  WRONGPASS: 'it refuses the password in redis.url',
  WRONGTYPE: 'something else has written to a key of the bridge',
}

/** A reason of {@link awayReason} in words for people, without a full stop. */
export function redisTrouble(reason: string): string {
  if (reason.startsWith('it ')) return `Redis ${reason.slice('it '.length)}`
  if (SYSTEM.has(reason)) return `Redis cannot be reached (${reason})`
  const meaning = MEANINGS[reason]
  return `Redis takes no writes (${reason})${meaning === undefined ? '' : `: ${meaning}`}`
}

/** Calls `back` whenever a connection that was lost takes commands again; the answer ends that. */
export function onRedisBack(redis: Redis, back: () => void): () => void {
  let isLost = redis.status !== 'ready'
  const lost = () => {
    isLost = true
  }
  const ready = () => {
    if (isLost) back()
    isLost = false
  }
  redis.on('close', lost)
  redis.on('ready', ready)
  return () => {
    redis.off('close', lost)
    redis.off('ready', ready)
  }
}
