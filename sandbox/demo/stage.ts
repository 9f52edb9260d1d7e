import type { Said } from '../wasender/voice.ts'
import { CAST, type CastMember, CLUB } from './cast.ts'
import { uploadToWasender } from './media/upload.ts'
import { operatorThread } from './operator-thread.ts'
import { createPresence, type Presence } from './phone/presence.ts'
import { createVotes, type Votes } from './phone/votes.ts'
import { portrait } from './samples/paintings.ts'
import { encodePng } from './samples/png.ts'
import type { DemoWorld } from './world.ts'

/** A chat that the page shows the phones of: with one customer, or a group. */
export type StageChat = {
  /** Digits of the customer, or the JID of the group. */
  id: string
  name: string
  isGroup: boolean
  /** Digits of whoever is in it besides the business. */
  members: readonly string[]
}

/** The world of the demo and what its page shows of it. */
export type DemoStage = {
  world: DemoWorld
  chats: readonly StageChat[]
  votes: Votes
  presence: Presence
}

/** Puts the cast on the stage. The customers write first, so that the page does not open empty. */
export async function openStage(world: DemoWorld): Promise<DemoStage> {
  const { wasender, chatwoot } = world
  // Comes first, so that it does not push itself in front of the customers.
  await operatorThread(chatwoot)
  const people = await Promise.all(CAST.map((member) => enter(world, member)))
  const members = people.flatMap(({ profile }) => (profile.hidePhone ? [] : profile.phone))
  const club = wasender.group({ subject: CLUB.subject, participants: members })
  // The first of the cast comes last, which puts them on top of the helpdesk's list.
  await arrival(world, people[0]?.inGroup(club.jid).sendText(CLUB.opening))
  for (const [index, { opening }] of [...CAST.entries()].toReversed()) {
    await arrival(world, people[index]?.sendText(opening))
  }
  const direct = people.map(({ profile: { phone, name } }) => ({
    id: phone,
    name,
    isGroup: false,
    members: [phone],
  }))
  return {
    world,
    chats: [...direct, { id: club.jid, name: CLUB.subject, isGroup: true, members }],
    votes: createVotes(),
    presence: createPresence(
      wasender,
      people.map(({ profile }) => profile),
    ),
  }
}

async function arrival({ chatwoot }: DemoWorld, said: Said | undefined): Promise<void> {
  const isHere = () => chatwoot.allMessages().some(({ sourceId }) => sourceId === said?.keyId)
  await chatwoot.waitFor(isHere, { description: 'the first messages of the demo' })
}

async function enter({ wasender }: DemoWorld, member: CastMember) {
  const { phone, lid, name, picture, hidesNumber: hidePhone = false } = member
  const bytes = encodePng(portrait(picture.background, picture.clothes))
  const imgUrl = await uploadToWasender(wasender, 'image/png', bytes)
  return wasender.person({ phone, lid, name, imgUrl, hidePhone })
}
