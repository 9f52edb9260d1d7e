import { lidJid } from './addresses.ts'
import { type Chat, chatJid, jidOf, messagesData, plainKey } from './bodies.ts'
import type { Profile } from './directory.ts'
import type { Receipts } from './receipts.ts'
import type { Session } from './session.ts'
import type { World } from './state.ts'
import type { Fields } from './variant.ts'
import type { Said, SayOptions } from './voice.ts'
import { emitEvents } from './wire.ts'

type Parts = World & { receipts: Receipts }

/** A receipt by one person: per message in a direct chat, per member in a group. */
export async function giveReceipt(
  { outbox, receipts }: Parts,
  profile: Profile,
  keyId: string,
  status: number,
  options: SayOptions = {},
): Promise<void> {
  const sent = outbox.findByKey(keyId)
  if (sent?.chat === undefined) throw new Error('Only a message sent through the API has receipts')
  const { events: _events, keyId: _keyId, at: _at, session: _session, ...form } = options
  if ('jid' in sent.chat) await receipts.member(sent, profile, status, form)
  else await receipts.status(sent, status, form)
}

/** A vote: encrypted as a message, and as a readable tally (docs/platforms/wasender.md#polls). */
export function castVote(
  { polls, phones, webhooks, random, clock }: Parts,
  profile: Profile,
  session: Session,
  pollKeyId: string,
  choices: string[],
  { keyId = random.keyId('3EB0', 22), at = clock.now(), session: _id, ...form }: SayOptions = {},
): Said {
  const message = phones.find(pollKeyId)
  const poll = message?.poll
  if (message === undefined || poll === undefined) throw new Error('There is no such poll')
  polls.vote(pollKeyId, jidOf(profile, form), choices)
  const chat: Chat = message.chat.endsWith('@g.us') ? { jid: message.chat } : { person: profile }
  const key = plainKey({ keyId: pollKeyId, chat, sender: undefined }, { addressing: 'pn' })
  const node = {
    pollUpdateMessage: {
      pollCreationMessageKey: key,
      vote: {
        encPayload: random.bytes(48).toString('base64'),
        encIv: random.bytes(12).toString('base64'),
      },
      senderTimestampMs: String(at),
    },
  }
  const wire = { keyId, chat, sender: profile, node, pushName: profile.name, at }
  const pollResult = polls.tally(pollKeyId, poll.options)
  const usual = {
    'messages.upsert': (variant: SayOptions) => messagesData(wire, variant),
    'poll.results': () => ({ key, pollResult }),
  }
  return { keyId, at, delivered: emitEvents(webhooks, session, chat, { usual }, form) }
}

/** One call; later statuses repeat the id (docs/platforms/wasender.md#calls). */
export type PhoneCall = { id: string; isVideo: boolean; isGroup: boolean; status: string }

/** Rings, or tells how an earlier call went on. Returns the call's id. */
export async function ring(
  { webhooks, random, clock }: Parts,
  profile: Profile,
  session: Session,
  call: Partial<PhoneCall> = {},
  { keyId: _keyId, at = clock.now(), session: _id, ...form }: SayOptions = {},
): Promise<string> {
  const id = call.id ?? random.keyId('CALL', 22)
  const data = (variant: SayOptions) => ({
    call: {
      isGroup: false,
      isVideo: false,
      status: 'offer',
      ...call,
      id,
      from: jidOf(profile, { addressing: 'pn', ...variant }),
      date: new Date(at).toISOString(),
    },
  })
  const events = { usual: { call: data }, onDemand: { 'call.received': data } }
  await emitEvents(webhooks, session, { person: profile }, events, form)
  return id
}

/** `contacts.update` with the fields that changed. */
export function tellContact(
  { webhooks }: Parts,
  profile: Profile,
  session: Session,
  fields: Fields,
): Promise<void> {
  const chat: Chat = { person: profile }
  const lid = profile.lid === undefined ? {} : { lid: lidJid(profile.lid) }
  const data = (form: SayOptions) => [{ id: chatJid(chat, form), ...lid, ...fields }]
  return webhooks.send(session, { event: 'contacts.update', data, lane: profile.phone })
}
