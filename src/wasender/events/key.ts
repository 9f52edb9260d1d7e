import { z } from 'zod'
import { asId, type KeyId, type MsgId } from '../../ids.ts'
import { type Address, formatJid } from '../jid.ts'
import {
  type Addresses,
  correctLids,
  firstLid,
  firstPhone,
  readAddress,
  readLidField,
} from './addresses.ts'
import { compact, count, flag, text } from './fields.ts'

/** What a WhatsApp message key says, in one form (wasender-webhooks.md, section 5). */
export type WaKey = {
  id: KeyId
  /** Sent by the account itself: through the API, or on the phone or another device. */
  fromMe: boolean
  /** The chat as `remoteJid` names it. */
  chat: Address
  /** Phone number of the other person of a direct chat, digits only. Never set for groups and channels. */
  phone?: string
  /** LID of the other person of a direct chat. */
  lid?: string
  /** Author inside a group or a status. */
  participant?: Address
  participantPhone?: string
  participantLid?: string
  msgId?: MsgId
  /** The values as they came, for `/messages/read`, which wants them back unchanged. */
  raw: { id: string; remoteJid: string; fromMe: boolean; participant?: string }
}

const keySchema = z.object({
  id: text,
  remoteJid: text,
  fromMe: flag,
  senderPn: text,
  cleanedSenderPn: text,
  // The SDK's types spell it so.
  cleanSenderPn: text,
  senderLid: text,
  participant: text,
  participantPn: text,
  cleanedParticipantPn: text,
  participantLid: text,
  remoteJidAlt: text,
  participantAlt: text,
  msgId: count,
})

type RawKey = z.output<typeof keySchema>

/** Values some bodies repeat outside of the key, used when the key lacks them. */
export type KeyCopies = { id?: string | undefined; remoteJid?: string | undefined }

/** Reads a key; `undefined` when it has no id or no chat, since nothing can be done with it then. */
export function readKey(value: unknown, copies: KeyCopies = {}): WaKey | undefined {
  const parsed = keySchema.safeParse(value)
  if (!parsed.success) return undefined
  const id = parsed.data.id || copies.id
  const remoteJid = parsed.data.remoteJid || copies.remoteJid
  const key: RawKey = { ...parsed.data, id, remoteJid }
  const chat = chatOf(key)
  if (id === undefined || id === '' || chat === undefined) return undefined
  const fromMe = key.fromMe === true
  return {
    id: asId<KeyId>(id),
    fromMe,
    chat,
    ...(isDirect(chat) ? otherPerson(key) : {}),
    ...author(key, chat),
    ...(key.msgId === undefined ? {} : { msgId: asId<MsgId>(key.msgId) }),
    raw: {
      id,
      remoteJid: remoteJid || formatJid(chat),
      fromMe,
      ...compact({ participant: key.participant }),
    },
  }
}

/** The addresses that lead to the chat of a message, for finding out whose chat it is. */
export function chatAddresses(key: WaKey): Addresses {
  return { address: key.chat, ...compact({ phone: key.phone, lid: key.lid }) }
}

function isDirect(chat: Address): boolean {
  return chat.kind === 'phone' || chat.kind === 'lid'
}

function chatOf(key: RawKey): Address | undefined {
  const from = sender(key)
  const [chat, alternative, pn, lid] = correctLids([
    readAddress(key.remoteJid),
    readAddress(key.remoteJidAlt),
    from.pn,
    from.lid,
  ])
  if (chat !== undefined || alternative !== undefined) return chat ?? alternative
  // Some other kind of chat, or a group left unnamed: filed under its sender it would be misfiled.
  return key.remoteJid || key.participant ? undefined : (pn ?? lid)
}

/** What describes the sender of an incoming message; of our own it would describe us. */
function sender(key: RawKey) {
  if (key.fromMe === true) return { cleaned: undefined, pn: undefined, lid: undefined }
  return {
    cleaned: cleanedNumber(key.cleanedSenderPn) ?? cleanedNumber(key.cleanSenderPn),
    pn: readAddress(key.senderPn),
    lid: readLidField(key.senderLid),
  }
}

/** The order is the reference's. A `senderPn` that is really a LID counts as one. */
function otherPerson(key: RawKey): { phone?: string; lid?: string } {
  const from = sender(key)
  const [chat, alternative, lid, pn, cleaned] = correctLids([
    readAddress(key.remoteJid),
    readAddress(key.remoteJidAlt),
    from.lid,
    from.pn,
    from.cleaned,
  ])
  const phones = key.fromMe === true ? [chat, alternative] : [cleaned, pn, alternative, chat]
  return compact({ phone: firstPhone(phones), lid: firstLid([chat, alternative, lid, pn]) })
}

/** The author of a group message. Some gateways describe him in the sender fields of direct chats. */
function author(key: RawKey, chat: Address) {
  const from = isDirect(chat) ? undefined : sender(key)
  const all = correctLids([
    readAddress(key.participant),
    readLidField(key.participantLid),
    readAddress(key.participantAlt),
    readAddress(key.participantPn),
    cleanedNumber(key.cleanedParticipantPn),
    from?.lid,
    from?.pn,
    from?.cleaned,
  ])
  return compact({
    participant: all.find((candidate) => candidate !== undefined),
    participantPhone: firstPhone(all),
    participantLid: firstLid(all),
  })
}

/** A field of bare digits; outside of 8 to 15 of them it is no international number. */
function cleanedNumber(value: string | undefined): Address | undefined {
  return value !== undefined && /^\+?\d{8,15}$/.test(value) ? readAddress(value) : undefined
}
