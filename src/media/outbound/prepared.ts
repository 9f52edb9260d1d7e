import type { Account } from '../../account.ts'
import type { Attachment } from '../../chatwoot/shapes/attachment.ts'
import type { OutgoingContent } from '../../wasender/outgoing-message.ts'

/** What of an account files depend on. */
export type MediaAccount = Pick<Account, 'id' | 'baseUrls' | 'options' | 'texts' | 'wasender'>

/** A file that can be sent, or why not, in words for the agent. */
export type Prepared = { content: OutgoingContent } | { refuse: string }

export type PrepareOptions = {
  /** In WhatsApp's marks. See `takesCaption` for which attachments can have one. */
  caption?: string
  /** Whether it was recorded as a voice note; told by its name when absent. */
  voice?: boolean
  /** Failed attempts of the message before this one. */
  attempts: number
}

/** What reading the file has shown, and nothing had announced. */
export type Learned = {
  /** The file has at least so many bytes. */
  atLeast: number
  /** No voice note can be made of it. */
  notEncodable: boolean
}

/** One pass over one attachment. */
export type Task = {
  account: MediaAccount
  attachment: Attachment
  dataUrl: string
  options: PrepareOptions
  learned: Learned
}
