import { z } from 'zod'
import type { MediaKind } from '../../wasender/nodes.ts'
import { type Actions, action, someFile, someText } from '../action.ts'
import { KINDS } from '../kinds/kinds.ts'
import type { DemoStage, StageChat } from '../stage.ts'
import { writtenIn } from './phone-view.ts'
import { type PhoneVoice, phoneVoice } from './phone-voice.ts'

/** What a file is sent as, unless the visitor says; other types are documents. */
const KIND_OF: readonly { type: RegExp; kind: MediaKind }[] = [
  { type: /^image\/webp$/, kind: 'sticker' },
  { type: /^image\/(png|jpeg)$/, kind: 'image' },
  { type: /^video\/(mp4|3gpp)$/, kind: 'video' },
  { type: /^audio\/ogg/, kind: 'voice' },
  { type: /^audio\//, kind: 'audio' },
]
const kindOf = (mimetype: string): MediaKind =>
  KIND_OF.find(({ type }) => type.test(mimetype))?.kind ?? 'document'

const degrees = (most: number) => z.coerce.number().min(-most).max(most)

/** What can be sent from a phone, by kind. */
const said = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: someText, quoted: z.string().optional() }),
  z.object({ kind: z.literal('file'), file: someFile, caption: someText.optional() }),
  z.object({
    kind: z.literal('location'),
    name: someText,
    latitude: degrees(90),
    longitude: degrees(180),
  }),
  z.object({ kind: z.literal('contact'), name: someText, phone: someText }),
  z.object({
    kind: z.literal('poll'),
    question: someText,
    options: z.array(someText).min(2).max(12),
    multiSelect: z.boolean().default(false),
  }),
])
type Said = z.output<typeof said>

const SAY: { [K in Said['kind']]: (voice: PhoneVoice, what: Extract<Said, { kind: K }>) => void } =
  {
    text: (voice, { text, quoted }) =>
      quoted === undefined ? voice.text(text) : voice.reply(quoted, text),
    file: (voice, { file, caption }) => voice.media(kindOf(file.mimetype), file, caption),
    location: (voice, { kind: _kind, ...location }) => voice.location(location),
    contact: (voice, { kind: _kind, ...contact }) => voice.contact(contact),
    poll: (voice, { kind: _kind, ...poll }) => voice.poll(poll),
  }

function say<K extends Said['kind']>(voice: PhoneVoice, kind: K, what: Extract<Said, { kind: K }>) {
  SAY[kind](voice, what)
}

const KIND_IDS = KINDS.map(({ id }) => id)
const from = z.string()
const keyId = z.string().min(1)

/** What is done on a phone; `from` are the digits of its owner, or `business`. */
export const PHONE_ACTIONS: Actions = {
  'chats/:id/say': action(z.object({ from, said }), (stage, id, body) =>
    say(voiceOf(stage, id, body.from), body.said.kind, body.said),
  ),
  'chats/:id/kinds': action(z.object({ from, kind: z.enum(KIND_IDS) }), sendKind),
  'chats/:id/react': action(
    z.object({ from, keyId, emoji: z.string().max(16) }),
    (stage, id, body) => voiceOf(stage, id, body.from).react(body.keyId, body.emoji),
  ),
  'chats/:id/edit': action(z.object({ from, keyId, text: someText }), (stage, id, body) =>
    voiceOf(stage, id, body.from).edit(body.keyId, body.text),
  ),
  'chats/:id/delete': action(z.object({ from, keyId }), (stage, id, body) =>
    voiceOf(stage, id, body.from).revoke(body.keyId),
  ),
  'chats/:id/vote': action(z.object({ from, keyId, option: z.string() }), vote),
  'chats/:id/call': action(z.object({ from }), async ({ world }, _id, body) => {
    const person = world.wasender.person({ phone: body.from })
    const id = await person.call()
    await person.call({ id, status: 'timeout' })
  }),
  'chats/:id/read': action(z.object({ from }), (stage, id, body) => readAll(stage, id, body.from)),
}

function chatOf({ chats }: DemoStage, id: string): StageChat {
  const chat = chats.find((one) => one.id === id)
  if (chat === undefined) throw new Error('There is no such chat')
  return chat
}

const voiceOf = (stage: DemoStage, id: string, author: string): PhoneVoice =>
  phoneVoice(stage.world.wasender, chatOf(stage, id), author)

function sendKind(stage: DemoStage, id: string, body: { from: string; kind: string }): void {
  const { isGroup, members } = chatOf(stage, id)
  if (isGroup || !members.includes(body.from)) {
    throw new Error('Only a customer sends this, and only in a chat with the business')
  }
  const { wasender } = stage.world
  const person = wasender.person({ phone: body.from })
  KINDS.find((kind) => kind.id === body.kind)?.send({ person, wasender })
}

/** Chooses an option, or gives it up; where only one may be chosen, it replaces the other. */
function vote(
  { world, votes }: DemoStage,
  _id: string,
  body: { from: string; keyId: string; option: string },
): void {
  const before = votes.by(body.keyId, body.from)
  const poll = world.wasender.chat(body.from).find((one) => one.keyId === body.keyId)?.poll
  const kept = poll?.multiSelect ? before.filter((option) => option !== body.option) : []
  const choices = before.includes(body.option) ? kept : [...kept, body.option]
  world.wasender.person({ phone: body.from }).vote(body.keyId, choices)
  votes.cast(body.keyId, body.from, choices)
}

/** Opening a chat reads what it holds. Receipts exist for messages that arrived, and were sent by the API. */
async function readAll(stage: DemoStage, id: string, phone: string): Promise<void> {
  const { wasender } = stage.world
  const person = wasender.person({ phone })
  const arrived = writtenIn(stage, chatOf(stage, id)).filter(
    ({ message: { readAt, msgId } }) =>
      readAt === undefined && msgId !== undefined && (wasender.outgoing(msgId)?.ack ?? 0) >= 3,
  )
  await Promise.all(arrived.map(({ message }) => person.read(message.keyId)))
}
