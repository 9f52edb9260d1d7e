import { extname } from 'node:path'
import type { NewFile } from './blobs.ts'
import { refused } from './errors.ts'
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

/** The declared type alone decides; images and videos must match exactly (chatwoot-api.md, section 5.2). */
export function fileTypeOf(contentType: string): FileType {
  return EXACT_TYPES[contentType] ?? (contentType.includes('audio/') ? 'audio' : 'file')
}

/** A part of a create request: an uploaded file or the signed id of a direct upload. */
export type AttachmentSource = File | NewFile | string

/** Stores the files of a message that is about to be made. An unknown signed id is a 422. */
export async function storeAttachments(
  world: World,
  accountId: number,
  sources: AttachmentSource[],
  isVoice: boolean,
): Promise<Omit<Attachment, 'messageId'>[]> {
  const stored = []
  for (const source of sources) {
    const blob = await blobFrom(world, source)
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
  return {
    filename: file.name || 'upload',
    contentType: file.type || 'application/octet-stream',
    bytes: new Uint8Array(await file.arrayBuffer()),
  }
}

/** The permanent address of a blob; it answers 302 to a short-lived one. */
export function blobUrl(world: World, blobId: number, route = 'blobs'): string {
  const blob = world.blobs.get(blobId)
  if (blob === undefined) return ''
  const name = encodeURIComponent(blob.filename)
  return `${world.frontendUrl}/rails/active_storage/${route}/redirect/${blob.signedId}/${name}`
}

/** The attachment as answers and webhooks show it (chatwoot-webhooks.md, section 5.1). */
export function attachmentJson(world: World, attachment: Attachment): Json {
  const { fileType, blobId } = attachment
  const url = blobUrl(world, blobId)
  const detailed = world.has('attachmentDetails')
  return {
    id: attachment.id,
    message_id: attachment.messageId,
    file_type: fileType,
    account_id: attachment.accountId,
    extension: detailed ? extname(attachment.filename).slice(1) || null : null,
    ...(detailed ? { content_type: attachment.contentType } : {}),
    data_url: fileType === 'audio' && world.has('inlineAudio') ? `${url}?disposition=inline` : url,
    thumb_url: fileType === 'image' ? blobUrl(world, blobId, 'representations') : '',
    file_size: attachment.byteSize,
    width: null,
    height: null,
    ...(fileType === 'audio' ? { transcribed_text: '' } : {}),
  }
}
