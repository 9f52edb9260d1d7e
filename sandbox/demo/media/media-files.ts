import { decryptMedia } from '../../wasender/media-crypto.ts'
import { MEDIA_NODES, type MediaKind } from '../../wasender/nodes.ts'
import type { PhoneMessage } from '../../wasender/phones.ts'
import { contentOf } from '../phone/phone-content.ts'
import type { DemoStage } from '../stage.ts'

/** A file of one of the platforms, for the page. */
export type MediaFile = { bytes: Uint8Array<ArrayBuffer>; mimetype: string; fileName: string }

/** By the kind of thing that holds it, and the id of that. */
export const MEDIA_FILES: Readonly<
  Record<string, (stage: DemoStage, id: string) => Promise<MediaFile | undefined>>
> = { phone: phoneFile, helpdesk: helpdeskFile, avatar: avatarFile }

/** The file of a message by its key id: fetched and decrypted, as a phone does. */
async function phoneFile({ world, chats }: DemoStage, keyId: string) {
  const message = chats
    .flatMap(({ members }) => members)
    .flatMap((phone) => world.wasender.chat(phone))
    .findLast((one) => one.keyId === keyId)
  const { media } = message === undefined ? {} : contentOf(message.node)
  if (message === undefined || media === undefined) return undefined
  const bytes = await plainBytes(message, media.url, media.mediaKey)
  const { mimetype, fileName = message.kind } = media
  return bytes === undefined ? undefined : { bytes, mimetype, fileName }
}

async function plainBytes(
  { kind, url: source }: PhoneMessage,
  url: string | undefined,
  mediaKey: string | undefined,
) {
  if (url === undefined || mediaKey === undefined) {
    return source === undefined ? undefined : fetched(source)
  }
  const encrypted = await fetched(url)
  if (encrypted === undefined || !isMediaKind(kind)) return undefined
  const plain = decryptMedia(encrypted, Buffer.from(mediaKey, 'base64'), kind)
  return plain && new Uint8Array(plain)
}

const isMediaKind = (kind: string): kind is MediaKind => Object.hasOwn(MEDIA_NODES, kind)

async function fetched(url: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const response = await fetch(url)
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined
}

/** An attachment in the helpdesk by its id. */
async function helpdeskFile({ world: { chatwoot } }: DemoStage, id: string) {
  const attachment = chatwoot
    .allMessages()
    .flatMap(({ attachments }) => attachments)
    .find((one) => one.id === Number(id))
  if (attachment === undefined) return undefined
  const bytes = new Uint8Array(await chatwoot.attachmentBytes(attachment))
  return { bytes, mimetype: attachment.contentType, fileName: attachment.filename }
}

/** The picture of a contact by the id of its file. */
async function avatarFile({ world: { chatwoot } }: DemoStage, id: string) {
  const blobId = Number(id)
  const contact = chatwoot.contacts().find(({ avatarBlobId }) => avatarBlobId === blobId)
  if (contact === undefined) return undefined
  const picture = { fileType: 'image', filename: 'avatar', contentType: 'image/png' } as const
  const place = { id: 0, messageId: 0, accountId: contact.accountId, byteSize: 0, isVoice: false }
  const bytes = await chatwoot.attachmentBytes({ ...picture, ...place, blobId })
  return { bytes: new Uint8Array(bytes), mimetype: picture.contentType, fileName: 'avatar.png' }
}
