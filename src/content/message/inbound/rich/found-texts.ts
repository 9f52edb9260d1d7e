import { cutText } from '../../../../kernel/text.ts'
import { isNode } from '../unwrap.ts'

/** A message holds a few dozen values; more is no message, or meant to cost time. */
const MOST_VALUES = 3_000
const MOST_TEXTS = 60
const DEEPEST = 16
const LONGEST_TEXT = 8_000
const LONGEST_TOGETHER = 40_000
/** Longer JSON inside of a text is not opened. */
const LONGEST_JSON = 100_000

/** Fields around a message, or of another one. */
const OTHERS: ReadonlySet<string> = new Set([
  'contextInfo',
  'messageContextInfo',
  'quotedMessage',
  'senderKeyDistributionMessage',
  'fastRatchetKeySenderKeyDistributionMessage',
])

/** Words in the names of fields that hold nothing for people: ids, keys, bytes, and what programs tell each other. */
const TECHNICAL: ReadonlySet<string> = new Set([
  ...['id', 'ids', 'uuid', 'guid', 'jid', 'jids', 'lid', 'clid', 'key', 'keys', 'secret', 'token'],
  ...['tokens', 'hash', 'hashes', 'sha', 'sha1', 'sha256', 'mac', 'hmac', 'iv', 'enc', 'encrypted'],
  ...['cipher', 'ciphertext', 'nonce', 'salt', 'signature', 'certificate', 'checksum', 'etag'],
  ...['thumbnail', 'thumb', 'jpeg', 'png', 'base64', 'bytes', 'blob', 'binary', 'buffer'],
  ...['waveform', 'sidecar', 'scans', 'mimetype', 'mime', 'codec', 'path', 'handle'],
  ...['version', 'locale', 'language', 'lang', 'lg', 'lc', 'namespace', 'attribution', 'tag'],
  ...['latitude', 'longitude'],
])

/** Words in names of fields that choose from a fixed list, such as `status`: a single word in them was written by a program. */
const ENUMERATED: ReadonlySet<string> = new Set([
  ...['type', 'status', 'state', 'mode', 'kind', 'surface', 'source', 'trigger', 'role', 'scope'],
  ...['action', 'format', 'platform', 'app', 'element', 'currency', 'category', 'reason', 'event'],
])

/** Fields in which nothing but digits is meant to be read. */
const NUMBERED: ReadonlySet<string> = new Set([
  ...['phone', 'number', 'code', 'text', 'title', 'name', 'caption', 'label', 'body', 'value'],
  ...['option', 'price', 'description', 'content', 'message', 'answer', 'question'],
])

/**
 * The texts in a node nobody knows, in order, so that a kind of message can be read on the day WhatsApp invents it. What
 * no person wrote is left out by what its field is called and by what it looks like. Costs time in proportion to
 * the node, up to a bound.
 */
export function foundTexts(node: unknown): string[] {
  const found = new Set<string>()
  let room = LONGEST_TOGETHER
  for (const text of textsIn(node)) {
    const cleaned = cutText(clean(text), Math.min(LONGEST_TEXT, room))
    if (cleaned === '' || found.has(cleaned)) continue
    found.add(cleaned)
    room -= cleaned.length
    if (room <= 1 || found.size === MOST_TEXTS) break
  }
  return [...found]
}

/** A value, and the name of the field it stands in. */
type Place = { value: unknown; field: string; depth: number }

function* textsIn(node: unknown): Generator<string> {
  // The next value is on top, so that texts come in the order of the message.
  const waiting: Place[] = [{ value: node, field: '', depth: 0 }]
  for (let looked = 0; looked < MOST_VALUES; looked += 1) {
    const place = waiting.pop()
    if (place === undefined) return
    const below = place.depth === DEEPEST ? [] : inside(place)
    if (below === undefined) yield* textAt(place)
    else waiting.push(...below.slice(0, MOST_VALUES).reverse())
  }
}

function textAt({ value, field }: Place): string[] {
  return typeof value === 'string' && isForPeople(value, field) ? [value] : []
}

/** What a value holds; `undefined` when it holds nothing. */
function inside({ value, field, depth }: Place): Place[] | undefined {
  const holder = typeof value === 'string' ? jsonIn(value, field) : value
  if (Array.isArray(holder)) {
    return holder.slice(0, MOST_VALUES).map((each) => ({ value: each, field, depth: depth + 1 }))
  }
  if (!isNode(holder)) return undefined
  const isFile = ['mediaKey', 'directPath', 'fileSha256'].some((name) => name in holder)
  return Object.keys(holder)
    .slice(0, MOST_VALUES)
    .filter((name) => !isSkipped(name) && !(isFile && /url$/i.test(name)))
    .map((name) => ({ value: holder[name], field: name, depth: depth + 1 }))
}

/** `thumbnailDirectPath`, `message_secret` and `fileSha256` in words. */
function wordsOf(field: string): string[] {
  return field
    .slice(0, 200)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
}

const has = (field: string, words: ReadonlySet<string>) =>
  wordsOf(field).some((word) => words.has(word))

function isSkipped(field: string): boolean {
  return OTHERS.has(field) || has(field, TECHNICAL)
}

function jsonIn(value: string, field: string): unknown {
  if (!/json$/i.test(field) && !/^\s*[[{]\s*["{[]/.test(value)) return undefined
  if (value.length > LONGEST_JSON) return undefined
  try {
    const parsed: unknown = JSON.parse(value)
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined
  } catch {
    // No JSON after all: it is a text like any other.
    return undefined
  }
}

const ADDRESS_OF_WHATSAPP =
  /@(?:s\.whatsapp\.net|c\.us|lid|g\.us|newsletter|broadcast|bot|hosted(?:\.lid)?|call)$/i
const MIME_TYPE =
  /^(?:image|video|audio|application|text|font|multipart|message)\/[\w.+-]+(?:;.*)?$/i
const CONSTANT = /^[A-Z\d]+(?:_[A-Z\d]+)+$/
const IDENTIFIER = /^[\w.-]+$/
/** Where WhatsApp keeps files, and pictures of pages. */
const FILE_HOST = /^https?:\/\/(?:[\w-]+\.)*(?:whatsapp\.net|fbcdn\.net)(?:[/:?#]|$)/i

function isForPeople(value: string, field: string): boolean {
  const text = value.trim()
  if (!/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text)) return false
  if (/^https?:\/\//i.test(text)) return !FILE_HOST.test(text)
  if (/\s/.test(text)) return !/^data:[\w/+-]+;base64,/i.test(text)
  if (/^\d+$/.test(text)) return has(field, NUMBERED)
  if (has(field, ENUMERATED) && IDENTIFIER.test(text)) return false
  return (
    ![ADDRESS_OF_WHATSAPP, MIME_TYPE, CONSTANT].some((kind) => kind.test(text)) && !isCoded(text)
  )
}

/** Bytes written as base64 or hexadecimal digits, and ids made at random: no word looks like them. */
function isCoded(text: string): boolean {
  if (/^data:/i.test(text)) return true
  if (!/^[\w+/=-]+$/.test(text)) return false
  if (/^[\w+/-]+={1,2}$/.test(text) && text.length % 4 === 0) return true
  if (text.length < 16) return false
  if (/^[\da-f-]+$/i.test(text)) return /\d/.test(text)
  const turns = text.match(/[a-z][A-Z]|[A-Za-z]\d|\d[A-Za-z]|[+/]/g)?.length ?? 0
  return turns >= 3
}

/** Controls, and what turns the direction of the words behind it. Line ends stay. */
function clean(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim()
}
