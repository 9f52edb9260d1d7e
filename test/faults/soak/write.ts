import type { Voice } from '../../../sandbox/wasender/voice.ts'
import { sampleFile } from '../../../src/content/media/outbound/testing.ts'
import type { FleetAccount } from '../../support/fleet.ts'
import { hashOf } from '../ledger/read.ts'
import type { Mark, Written } from '../ledger/types.ts'
import type { Acceptance } from './accepted.ts'
import type { Customer } from './people.ts'
import type { InKind } from './plan.ts'

type Form = { session: number; addressing: 'pn' | 'lid' }
type Write = (
  voice: Voice,
  words: string,
  form: Form,
  last: string | undefined,
) => {
  keyId: string
  at: number
  mark: Mark
}

const file =
  (kind: 'image' | 'document' | 'voice', mimetype: string, name: string): Write =>
  (voice, _words, form) => {
    const bytes = sampleFile(mimetype.split(';')[0] ?? '', 3_000)
    const details = { mimetype, ...(kind === 'document' ? { fileName: name } : {}) }
    const { keyId, at } = voice.sendMedia(kind, bytes, { ...form, ...details })
    return { keyId, at, mark: { sha256: hashOf(bytes) } }
  }

const text: Write = (voice, words, form) => {
  return { ...voice.sendText(`Hello ${words} there`, form), mark: { text: words } }
}

/** NUL, half a character, and two that break Chatwoot's notifications. */
const ODD = '\u0000 \ud83d \ufffe\uffff'

const odd: Write = (voice, words, form) => {
  return { ...voice.sendText(`${ODD}Hello ${words}${ODD}`, form), mark: { text: words } }
}

const heavy: Write = (voice, words, form) => {
  const text = `Hello ${words}\n${'* _~`[('.repeat(5_000)}\n${'- a\n  - b\n'.repeat(2_000)}`
  return { ...voice.sendText(text, form), mark: { text: words } }
}

/** How a customer writes each kind. `words` are in no other message. */
const WRITES: Record<InKind, Write> = {
  text,
  odd,
  heavy,
  reply: (voice, words, form, last) => {
    if (last === undefined) return text(voice, words, form, last)
    return { ...voice.reply(last, `About that: ${words}`, form), mark: { text: words } }
  },
  image: file('image', 'image/jpeg', 'photo.jpg'),
  document: file('document', 'application/pdf', 'offer.pdf'),
  voice: file('voice', 'audio/ogg; codecs=opus', 'voice.ogg'),
  location: (voice, words, form) => {
    const place = { latitude: 52.52, longitude: 13.4, name: words }
    return { ...voice.sendLocation(place, form), mark: { text: words } }
  },
  contact: (voice, words, form) => {
    const contact = { name: words, phone: '+15550009999' }
    return { ...voice.sendContact(contact, form), mark: { text: words } }
  },
  poll: (voice, words, form) => {
    const poll = { question: words, options: ['Yes', 'No'], multiSelect: false }
    return { ...voice.sendPoll(poll, form), mark: { text: words } }
  },
}

export type WriteOrder = {
  account: FleetAccount
  customer: Customer
  kind: InKind
  words: string
  lid: boolean
  /** Key id of something to quote. */
  last: string | undefined
  acceptance: Acceptance
}

/** Lets a customer write. */
export function write(order: WriteOrder): Written {
  const { account, customer, kind, words, acceptance } = order
  const form: Form = { session: account.session.id, addressing: order.lid ? 'lid' : 'pn' }
  const { keyId, at, mark } = WRITES[kind](customer.person, words, form, order.last)
  return {
    by: 'customer',
    kind,
    account: account.id,
    phone: customer.phone,
    keyId,
    at,
    mark,
    accepted: () => acceptance.written(keyId),
    taken: () => acceptance.taken(keyId),
  }
}
