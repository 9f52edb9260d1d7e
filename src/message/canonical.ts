import type { KeyId } from '../ids.ts'

/** What a WhatsApp message says, independent of how it was wrapped. */
export type Content =
  /** Text with WhatsApp's own marks. */
  | { kind: 'text'; text: string }
  /** Something that cannot be carried: `what` names it, `text` is what could be read of it. */
  | { kind: 'unsupported'; what: string; text?: string }

/** A WhatsApp message on its way to Chatwoot. */
export type CanonicalMessage = {
  content: Content
  /** The message it answers. */
  quotes?: KeyId
}

/** Why a webhook's message leaves no trace in Chatwoot. */
export type IgnoredMessage =
  /** Protocol traffic between WhatsApp clients. */
  | 'noise'
  /** It could not be decrypted yet; the full message may follow under the same id. */
  | 'empty'

export type Converted = { carry: CanonicalMessage } | { ignore: IgnoredMessage }
