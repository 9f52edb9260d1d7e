/**
 * What a refusal to send means, where it is more than "no". `463` is WhatsApp's limit on opening new chats, `475` the
 * one on new conversations in a month (docs/platforms/wasender.md#refusals).
 */
export type RefusalMeaning = 'not-on-whatsapp' | '463' | '475'

const NOT = "(?:not|n['’]?t|never)"
const WHATSAPP = 'whats ?app'
const PERSON = '(?:jid|lid|phone|number|recipient|receiver|user|contact|customer)'

const NOT_ON_WHATSAPP: readonly RegExp[] = [
  new RegExp(`\\b${PERSON}\\b[^.]{0,60}?\\b(?:do|does|did) ?${NOT} exists?\\b`, 'i'),
  new RegExp(
    `${NOT} (?:be |been |currently |yet )*(?:exists?|existing|registered|found|present|active|on|in|using|use|have|has)\\b[^.]{0,20}\\b${WHATSAPP}\\b`,
    'i',
  ),
  new RegExp(
    `(?:${NOT} an?|invalid|${NOT} valid|unknown|unregistered|no such|no)(?: valid| registered| active| known)? ${WHATSAPP} (?:jid|number|phone|user|account|contact|id)\\b`,
    'i',
  ),
  new RegExp(`\\b${PERSON}\\b[^.]{0,40}?\\b(?:${NOT} registered|unregistered)\\b`, 'i'),
  /\binvalid (?:phone )?number\b(?! of)/i,
  /\b(?:jid|number|user|recipient)_?not_?(?:on_?whatsapp|exists?|registered)\b/i,
]

const CODE =
  /(?:\b(?:error|code|status|reason|refused|rejected|failed|ack|nack|with|whatsapp)\b\W{0,12}|^\W*)(463|475)(?!\d|[\s().-]*\d|\s*(?:[kmg]?b|bytes|m?s|seconds|px|%)(?!\w))/i
const REACH_OUT = /\breach.?out.{0,6}time.?lock/i
const MONTHLY =
  /\bmonthly\b.{0,40}\b(?:limit|quota|cap)\b|\b(?:limit|quota|cap)\b.{0,40}\b(?:per|a|this) month\b/i

/** What the gateway's words about a failed send mean, in whatever way it puts them. */
export function meaningOfWords(words: string): RefusalMeaning | undefined {
  const said = words.slice(0, 2_000).replace(/\s+/gu, ' ')
  const code = CODE.exec(said)?.[1]
  if (code === '463' || code === '475') return code
  if (REACH_OUT.test(said)) return '463'
  if (MONTHLY.test(said) && /\b(?:chat|conversation|contact|message)s?\b/i.test(said)) return '475'
  return NOT_ON_WHATSAPP.some((pattern) => pattern.test(said)) ? 'not-on-whatsapp' : undefined
}

/** The same of a number that stands by itself, as in a field `code`. */
export function meaningOfCode(code: unknown): RefusalMeaning | undefined {
  const written = String(code).trim()
  return written === '463' || written === '475' ? written : undefined
}
