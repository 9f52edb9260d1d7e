import type { KeyId } from '../../kernel/ids.ts'
import type { MediaNode } from '../../platforms/wasender/media.ts'

/** What a file is to the person who sent it. `gif` and `round` are videos, `voice` is audio. */
export type MediaKind =
  | 'image'
  | 'video'
  | 'gif'
  | 'round'
  | 'audio'
  | 'voice'
  | 'document'
  | 'sticker'

/** A file of a WhatsApp message: encrypted on WhatsApp's servers, with what is needed to read it. */
export type MediaRef = {
  kind: MediaKind
  /** The node it came in, and its content as it came: `/decrypt-media` wants it back. */
  node: MediaNode
  raw: Readonly<Record<string, unknown>>
  /** Bare, e.g. `audio/ogg`. */
  mimetype: string
  /** With the right extension. */
  fileName: string
  /** Bytes, as announced. */
  size?: number
  /** Seconds. */
  duration?: number
}

/** One card of a contact message. */
export type ContactCard = { name: string; numbers: string[]; vcard: string }

/** What happened to a group or a person without anybody writing it. */
export type SystemWhat =
  | 'group-created'
  | 'group-subject'
  | 'group-description'
  | 'group-icon'
  | 'group-invite-link'
  | 'group-settings'
  | 'group-add'
  | 'group-remove'
  | 'group-leave'
  | 'group-promote'
  | 'group-demote'
  | 'group-deleted'
  | 'group-request'
  | 'group-request-withdrawn'
  | 'group-request-refused'
  | 'member-label'
  | 'number-changed'
  | 'sharing-limited'
  | 'sharing-allowed'

/** What a value in a message is, where its place does not tell. */
export type RichFact = 'items' | 'total' | 'order'

/** A part of a message that is made of parts. */
export type RichPart =
  /** One line that stands out. */
  | { as: 'title'; text: string }
  /** With WhatsApp's own marks, as many lines as it has. */
  | { as: 'text'; text: string }
  /** One line of small print. */
  | { as: 'small'; text: string }
  /** What can be chosen: a button, a row of a list. */
  | { as: 'option'; text: string; more?: string }
  | { as: 'link'; url: string; label?: string }
  | { as: 'phone'; number: string; label?: string }
  /** To be copied: a discount code, a key for payments. */
  | { as: 'code'; code: string; label?: string }
  | { as: 'place'; latitude: number; longitude: number; name?: string; address?: string }
  /** Milliseconds since 1970. */
  | { as: 'time'; moment: 'starts' | 'ends' | 'expires'; at: number }
  | { as: 'fact'; fact: RichFact; value: string }
  /** A file that WhatsApp or the sender holds back. `what` is the name of its node. */
  | { as: 'withheld'; what: string }

/** What a WhatsApp message says, independent of how it was wrapped. */
export type Content =
  /** Text with WhatsApp's own marks. */
  | { kind: 'text'; text: string }
  | { kind: 'media'; media: MediaRef; text?: string }
  | {
      kind: 'location'
      latitude: number
      longitude: number
      live: boolean
      name?: string
      address?: string
      url?: string
      /** Comment of a live location. */
      text?: string
    }
  | { kind: 'contacts'; cards: ContactCard[]; text?: string }
  | { kind: 'poll'; text: string; options: string[]; multiple: boolean }
  /** The tally of a poll so far. */
  | {
      kind: 'poll-result'
      target: KeyId
      options: { name: string; votes: number }[]
      text?: string
    }
  /** A button, list or flow was answered. */
  | { kind: 'choice'; text: string }
  /** `text` is the emoji; empty when the reaction was taken back. `at`: by the sender's clock, in ms. */
  | { kind: 'reaction'; target: KeyId; text: string; at?: number; toStory?: boolean }
  /** `target` says this now. */
  | { kind: 'edit'; target: KeyId; text: string }
  /** `target` was changed, and what it says now is encrypted. */
  | { kind: 'encrypted-edit'; target: KeyId }
  /** `target` was deleted for everyone. */
  | { kind: 'revoke'; target: KeyId; text?: string }
  | { kind: 'call'; video: boolean; group: boolean; status: string; text?: string }
  /**
   * Joins, leaves, renames and other lines that nobody wrote. `names` are the JIDs of whom it happened to, the new
   * name, or the settings that changed.
   */
  | { kind: 'system'; what: SystemWhat; names: string[]; text?: string }
  /**
   * Something WhatsApp shows as a card of its own: a template, a list, an order, an event. `what` names it; `parts` are
   * all that can be read of it, in order.
   */
  | { kind: 'rich'; what: string; parts: RichPart[]; files: MediaRef[] }
  /** Something that cannot be carried: `what` names it, `text` is what could be read of it. */
  | { kind: 'unsupported'; what: string; text?: string }

/** The ad a customer clicked before writing. */
export type AdReferral = {
  title?: string
  body?: string
  url?: string
  sourceId?: string
  clickId?: string
  /** What WhatsApp showed the customer in the business's name. */
  greeting?: string
}

/** What WhatsApp sends along of the message that is answered; it may lack any of it. */
export type Quoted = {
  /** WhatsApp's own name of its kind, e.g. `imageMessage`. */
  node?: string
  content?: Content
  /** JIDs mentioned in it. */
  mentions?: string[]
  /** JID of who wrote it. */
  from?: string
  isStory: boolean
}

/**
 * Kinds that are about another message, a call or a group, and no messages by themselves: WhatsApp does not count them as
 * unread, and no send of the bridge is one.
 */
export const NO_MESSAGES: ReadonlySet<Content['kind']> = new Set([
  'reaction',
  'edit',
  'encrypted-edit',
  'revoke',
  'poll-result',
  'call',
  'system',
])

/** A WhatsApp message on its way to Chatwoot. */
export type CanonicalMessage = {
  content: Content
  /** The message it answers. */
  quotes?: KeyId
  /** What that says, for when Chatwoot does not have it. */
  quoted?: Quoted
  /** JIDs mentioned in the text. */
  mentions?: string[]
  /** Groups mentioned in the text, with what they are called. */
  mentionedGroups?: { jid: string; subject: string }[]
  ad?: AdReferral
  /** The same file as that of another message. `isBetter`: in a better quality. */
  twinOf?: { id: KeyId; isBetter: boolean }
  /** A better file follows in a message of its own. */
  awaitsTwin?: true
  /** It may be seen once only on the phone. */
  viewOnce?: boolean
  forwarded?: boolean
}

/** Why a webhook's message leaves no trace in Chatwoot. */
export type IgnoredMessage =
  /** Protocol traffic between WhatsApp clients. */
  | 'noise'
  /** It could not be decrypted yet; the full message may follow under the same id. */
  | 'empty'

export type Converted = { carry: CanonicalMessage } | { ignore: IgnoredMessage }
