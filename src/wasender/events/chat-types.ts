import type { Address } from '../jid.ts'
import type { Addresses } from './addresses.ts'

export type ChatsEvent = {
  type: 'chats'
  action: 'upsert' | 'update' | 'delete'
  chat: Addresses
  name?: string
  /** 0 means read elsewhere. */
  unread?: number
  at?: number
}

export type ContactsEvent = {
  type: 'contacts'
  action: 'upsert' | 'update'
  contact: Addresses
  /** As saved in the phone's address book. */
  name?: string
  /** The name the contact gave himself. */
  notify?: string
  verifiedName?: string
  about?: string
  /** `changed` comes without an address: fetch the picture anew. */
  picture?: { kind: 'url'; url: string } | { kind: 'changed' } | { kind: 'removed' }
}

export type Member = Addresses & { admin?: boolean }

export type GroupsEvent = {
  type: 'groups'
  action: 'upsert' | 'update'
  group: Address
  subject?: string
  description?: string
  owner?: Address
  /** Who changed it. */
  author?: Address
  /** Only admins may write. */
  announce?: boolean
  /** Only admins may change settings. */
  restrict?: boolean
  /** Everyone may add members. */
  memberAdd?: boolean
  /** Admins decide who may join. */
  joinApproval?: boolean
  createdAt?: number
  members?: Member[]
}

export type ParticipantsAction =
  | 'add'
  | 'remove'
  | 'promote'
  | 'demote'
  | 'modify'
  /** Somebody who is not in the group asked to be, withdrew that, or was refused. */
  | 'request'
  | 'request-withdrawn'
  | 'request-refused'

export type ParticipantsEvent = {
  type: 'participants'
  group: Address
  action: ParticipantsAction
  members: Member[]
  /** Who did it. */
  author?: Address
}
