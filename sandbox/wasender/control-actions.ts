import type { PersonRequest } from './control-requests.ts'
import type { Person, PersonOptions } from './people.ts'
import type { Controls } from './stand-in.ts'
import { defined } from './variant.ts'
import type { Said, SayOptions, Voice } from './voice.ts'

type Kind = PersonRequest['kind']
type Scene = { person: Person; voice: Voice; options: SayOptions }
type Result = Said | string | undefined | Promise<string | undefined>
type Actions = {
  [K in Kind]: (scene: Scene, request: Extract<PersonRequest, { kind: K }>) => Result
}
type MediaRequest = Extract<PersonRequest, { base64: string }>

const media = ({ voice, options }: Scene, request: MediaRequest) => {
  const { kind, base64, mimetype } = request
  const names = defined({ fileName: request.fileName, caption: request.caption })
  return voice.sendMedia(kind, Buffer.from(base64, 'base64'), { ...options, ...names, mimetype })
}

const ACTIONS: Actions = {
  text: ({ voice, options }, { text }) => voice.sendText(text, options),
  image: media,
  video: media,
  gif: media,
  'round-video': media,
  audio: media,
  voice: media,
  document: media,
  sticker: media,
  location: ({ voice, options }, { location }) => voice.sendLocation(defined(location), options),
  contact: ({ voice, options }, { contact }) => voice.sendContact(contact, options),
  poll: ({ voice, options }, { poll }) => voice.sendPoll(poll, options),
  raw: ({ voice, options }, { node }) => voice.sendRaw(node, options),
  reply: ({ voice, options }, { keyId, text }) => voice.reply(keyId, text, options),
  reaction: ({ voice, options }, { keyId, emoji }) => voice.react(keyId, emoji, options),
  edit: ({ voice, options }, { keyId, text }) => voice.edit(keyId, text, options),
  revoke: ({ voice, options }, { keyId }) => voice.revoke(keyId, options),
  vote: ({ person, options }, { keyId, choices }) => person.vote(keyId, choices, options),
  receipt: async ({ person, options }, { keyId, status }) => {
    const give = { 3: person.deliver, 4: person.read, 5: person.played }[status]
    await give(keyId, options)
    return keyId
  },
  call: ({ person, options }, { isVideo }) => person.call({ isVideo }, options),
}

/** Does what the request asks of a person. The answer names the key id of what was said. */
export async function act(
  controls: Controls,
  phone: string,
  request: PersonRequest,
): Promise<{ keyId: string | undefined }> {
  const { name, lid, group } = request
  const who: PersonOptions = { phone, ...defined({ name, lid }) }
  const person = controls.person(who)
  const voice = group === undefined ? person : person.inGroup(group)
  const options: SayOptions = defined(request.options ?? {})
  const run = ACTIONS[request.kind] as (scene: Scene, request: PersonRequest) => Result
  const result = await run({ person, voice, options }, request)
  return { keyId: typeof result === 'object' ? result.keyId : result }
}
