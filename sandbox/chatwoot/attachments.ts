import { extname } from 'node:path'
import type { NewFile } from './blobs.ts'
import { refused } from './errors.ts'
import { typeOf } from './file-contents.ts'
import type { World } from './state.ts'
import type { Attachment, FileType, Json } from './types.ts'

const EXACT_TYPES: Readonly<Record<string, FileType>> = {
  'image/jpeg': 'image',
  'image/jpg': 'image',
  'image/png': 'image',
  'image/gif': 'image',
  'image/bmp': 'image',
  'image/webp': 'image',
  'video/mp4': 'video',
  'video/webm': 'video',
  'video/ogg': 'video',
  'video/quicktime': 'video',
}

/** The declared type alone decides; images and videos must match exactly (docs/platforms/chatwoot.md#uploads). */
export function fileTypeOf(contentType: string): FileType {
  return EXACT_TYPES[contentType] ?? (contentType.includes('audio/') ? 'audio' : 'file')
}

/** A part of a create request: an uploaded file, the signed id of a direct upload, or an empty text for neither. */
export type AttachmentSource = File | NewFile | string

const NO_BLOB = { id: null, filename: '', contentType: '', byteSize: 0 }

/** Stores the files of a message that is about to be made. An unknown signed id is a 422. */
export async function storeAttachments(
  world: World,
  accountId: number,
  sources: AttachmentSource[],
  isVoice: boolean,
): Promise<Omit<Attachment, 'messageId'>[]> {
  const stored = []
  for (const source of sources) {
    const blob = source === '' ? NO_BLOB : await blobFrom(world, source)
    const fileType = fileTypeOf(blob.contentType)
    stored.push({
      id: world.nextId('attachment'),
      accountId,
      fileType,
      filename: blob.filename,
      contentType: blob.contentType,
      byteSize: blob.byteSize,
      blobId: blob.id,
      isVoice: isVoice && fileType === 'audio' && world.has('voiceFlag'),
    })
  }
  return stored
}

async function blobFrom(world: World, source: AttachmentSource) {
  if (typeof source === 'string') {
    const blob = world.blobs.bySignedId(source)
    if (blob === undefined) throw refused('mismatched digest')
    return blob
  }
  return world.blobs.save(source instanceof File ? await fromUpload(source) : source)
}

/** An upload as a file to store. */
export async function fromUpload(file: File): Promise<NewFile> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  return {
    filename: file.name || 'upload',
    contentType: typeOf(bytes) ?? (file.type || 'application/octet-stream'),
    bytes,
  }
}

/** The permanent address of a blob; it answers 302 to a short-lived one. */
export function blobUrl(world: World, blobId: number): string {
  const blob = world.blobs.get(blobId)
  if (blob === undefined) return ''
  const name = encodeURIComponent(blob.filename)
  return `${world.frontendUrl}/rails/active_storage/blobs/redirect/${blob.signedId}/${name}`
}

/** The address of a small picture: the blob and what becomes of it, each signed. */
export function thumbUrl(world: World, blobId: number): string {
  return blobUrl(world, blobId)
    .replace('/blobs/', '/representations/')
    .replace(/\/([^/]*)$/, `/${SMALL}/$1`)
}

/** Stands for "at most 250 by 250", signed like a blob's id. */
const SMALL = 'eyJyZXNpemVfdG9fZmlsbCI6WzI1MCxudWxsXX0--0123456789abcdef0123456789abcdef01234567'

/** Old releases made one of any picture, also of those that they took for plain files. */
const hasThumb = (world: World, { fileType, contentType }: Attachment): boolean =>
  fileType === 'image' || (!world.has('laterFields') && contentType.startsWith('image/'))

/** The attachment as answers and webhooks show it (docs/platforms/chatwoot.md#payloads). */
export function attachmentJson(world: World, attachment: Attachment): Json {
  const { fileType, blobId } = attachment
  const bare = {
    id: attachment.id,
    message_id: attachment.messageId,
    file_type: fileType,
    account_id: attachment.accountId,
  }
  if (blobId === null) return { ...bare, data_url: null, thumb_url: '' }
  const url = blobUrl(world, blobId)
  const detailed = world.has('attachmentDetails')
  const size = world.blobs.get(blobId)?.size
  return {
    ...bare,
    extension: detailed ? extname(attachment.filename).slice(1) || null : null,
    ...(detailed ? { content_type: attachment.contentType } : {}),
    data_url: fileType === 'audio' && world.has('inlineAudio') ? `${url}?disposition=inline` : url,
    thumb_url: hasThumb(world, attachment) ? thumbUrl(world, blobId) : '',
    file_size: attachment.byteSize,
    width: size?.width ?? null,
    height: size?.height ?? null,
    ...(fileType === 'audio' ? { transcribed_text: '' } : {}),
  }
}
