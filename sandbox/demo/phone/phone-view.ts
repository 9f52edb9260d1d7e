import type { PhoneMessage } from '../../wasender/phones.ts'
import type { DemoStage, StageChat } from '../stage.ts'
import { bubbleOf, type PhoneBubble, type Written } from './phone-bubble.ts'
import { contentOf } from './phone-content.ts'

export type PhoneChat = Pick<StageChat, 'id' | 'name' | 'isGroup'> & {
  members: { phone: string; name: string; isNumberHidden: boolean }[]
  messages: PhoneBubble[]
  /** When the business was last seen typing, milliseconds since 1970. */
  typingSince?: number | undefined
}

/** Further back than anybody scrolls in a demo. */
const SHOWN = 200

/** Everything in a chat. `arrived` holds the key ids the helpdesk has. */
export function phoneChat(
  stage: DemoStage,
  chat: StageChat,
  arrived: ReadonlySet<string>,
): PhoneChat {
  const { wasender } = stage.world
  const written = writtenIn(stage, chat)
  const shown = written.filter(isBubble).slice(-SHOWN)
  return {
    id: chat.id,
    name: chat.name,
    isGroup: chat.isGroup,
    members: chat.members.map((phone) => {
      const { name, hidePhone } = wasender.person({ phone }).profile
      return { phone, name, isNumberHidden: hidePhone }
    }),
    messages: shown.map((one) => bubbleOf(stage, one, written, arrived)),
    typingSince: stage.presence.typingSince(chat.id),
  }
}

/** Reactions are shown where they belong, and so is the other form of a picture that comes in two. */
const isBubble = ({ content, message }: Written): boolean =>
  content.reaction === undefined && !('associatedChildMessage' in message.node)

/** A group's messages are on several phones, and each is wanted once. */
export function writtenIn({ world }: DemoStage, chat: StageChat): Written[] {
  const isHere = (message: PhoneMessage) =>
    chat.isGroup ? message.chat === chat.id : !message.chat.endsWith('@g.us')
  const found = new Map<string, Written>()
  for (const phone of chat.members) {
    for (const message of world.wasender.chat(phone).filter(isHere)) {
      const author = message.direction === 'sent' ? phone : 'business'
      found.set(message.keyId, { message, author, content: contentOf(message.node) })
    }
  }
  return [...found.values()].sort((a, b) => a.message.at - b.message.at)
}
