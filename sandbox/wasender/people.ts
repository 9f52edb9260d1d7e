import type { Profile, ProfileOptions } from './directory.ts'
import { castVote, giveReceipt, type PhoneCall, ring, tellContact } from './person-actions.ts'
import type { Receipts } from './receipts.ts'
import type { Session } from './session.ts'
import type { VoiceParts } from './voice.ts'
import { createVoice, type Said, type SayOptions, type Voice } from './voice.ts'

/** A simulated person with a phone. */
export type Person = Voice & {
  profile: Profile
  /** The same person in a group. */
  inGroup(jid: string): Voice
  /** The same person in a channel (`…@newsletter`) or the stories (`status@broadcast`). */
  inChat(jid: string): Voice
  /** Receipts of one of our messages: delivered (3), read (4), played (5). */
  deliver(keyId: string, options?: SayOptions): Promise<void>
  read(keyId: string, options?: SayOptions): Promise<void>
  played(keyId: string, options?: SayOptions): Promise<void>
  /** Chooses options of a poll we sent; a new vote replaces an earlier one. */
  vote(pollKeyId: string, choices: string[], options?: SayOptions): Said
  /** Rings, or with the id of an earlier call tells its next status. Resolves to the call's id. */
  call(call?: Partial<PhoneCall>, options?: SayOptions): Promise<string>
  /** A new display name, told by `contacts.update`. */
  rename(name: string): Promise<void>
  /** A new profile picture, or none. */
  setPicture(url: string | undefined): Promise<void>
}

export type PersonOptions = ProfileOptions & {
  /** Which of our sessions they write to; the first by default. */
  session?: number
}

/** Registers somebody (or updates them) and gives you their phone. */
export type MakePerson = (options: PersonOptions) => Person

export function createPeople(parts: VoiceParts & { receipts: Receipts }): MakePerson {
  const { directory, sessions } = parts

  function sessionOf(id: number | undefined): Session {
    const session = id === undefined ? sessions.all()[0] : sessions.find(id)
    if (session === undefined) throw new Error('The stand-in has no such session')
    return session
  }

  return ({ session: home, ...options }) => {
    const profile = directory.add(options)
    const target = (given?: SayOptions) => sessionOf(given?.session ?? home)
    const inChat = (jid: string) => createVoice(parts, { profile, chat: { jid }, target })
    const receipt = (status: number) => (keyId: string, given?: SayOptions) =>
      giveReceipt(parts, profile, keyId, status, given)
    return {
      ...createVoice(parts, { profile, chat: { person: profile }, target }),
      profile,
      inGroup: inChat,
      inChat,
      deliver: receipt(3),
      read: receipt(4),
      played: receipt(5),
      vote: (pollKeyId, choices, given) =>
        castVote(parts, profile, target(given), pollKeyId, choices, given),
      call: (call, given) => ring(parts, profile, target(given), call, given),
      rename: (name) => {
        profile.name = name
        return tellContact(parts, profile, target(), { notify: name })
      },
      setPicture: (url) => {
        profile.imgUrl = url
        const imgUrl = url === undefined ? 'removed' : 'changed'
        return tellContact(parts, profile, target(), { imgUrl })
      },
    }
  }
}
