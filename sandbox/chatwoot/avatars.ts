import { createHash } from 'node:crypto'
import { fromUpload } from './attachments.ts'
import type { NewFile } from './blobs.ts'
import { changeContact } from './contacts.ts'
import { rejectInvalid } from './errors.ts'
import type { World } from './state.ts'
import type { Contact } from './types.ts'

const TYPES: readonly string[] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp']
const MAX_BYTES = 15 * 1024 * 1024
const ONE_MINUTE = 60_000

/** Takes the picture of a request: an upload is checked at once, an address is fetched later. */
export async function storeAvatar(
  world: World,
  contact: Contact,
  upload: File | null | undefined,
  url: string | null | undefined,
): Promise<void> {
  if (upload) {
    const file = await fromUpload(upload)
    if (!isPicture(file))
      rejectInvalid([{ attribute: 'avatar', message: 'Avatar type is not supported or too big' }])
    await setAvatar(world, contact, file)
  }
  if (url) void syncAvatar(world, contact, url)
}

const isPicture = ({ contentType, bytes }: NewFile) =>
  TYPES.includes(contentType) && bytes.byteLength <= MAX_BYTES

async function setAvatar(world: World, contact: Contact, file: NewFile): Promise<void> {
  const blob = await world.blobs.save(file)
  changeContact(world, contact, { avatarBlobId: blob.id, updatedAt: world.clock.now() })
}

/**
 * The avatar job: at most once a minute, never the same address twice, and the address counts as done even when the
 * download failed (docs/platforms/chatwoot.md#pictures-of-contacts). Private addresses are allowed, as with
 * `SAFE_FETCH_ALLOW_PRIVATE_NETWORK`.
 */
async function syncAvatar(world: World, contact: Contact, url: string): Promise<void> {
  const hash = createHash('sha256').update(url).digest('hex')
  const { avatar_url_hash: lastHash, last_avatar_sync_at: lastSync } = contact.additionalAttributes
  const now = world.clock.now()
  const tooSoon = typeof lastSync === 'string' && now - Date.parse(lastSync) < ONE_MINUTE
  if (lastHash === hash || tooSoon) return
  const file = await download(url)
  if (!world.contacts.has(contact.id)) return
  // Columns written past the model: no webhook tells of it.
  if (file !== undefined) contact.avatarBlobId = (await world.blobs.save(file)).id
  if (world.has('avatarHash'))
    contact.additionalAttributes = {
      ...contact.additionalAttributes,
      last_avatar_sync_at: new Date(now).toISOString(),
      avatar_url_hash: hash,
    }
  world.signal.ring()
}

/** The picture behind an address; undefined for whatever the job would only log. */
async function download(url: string): Promise<NewFile | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(20_000) })
    const contentType = response.headers.get('content-type')?.split(';')[0] ?? ''
    const bytes = new Uint8Array(await response.arrayBuffer())
    const file = { filename: `avatar.${contentType.split('/')[1] ?? 'bin'}`, contentType, bytes }
    return response.ok && isPicture(file) ? file : undefined
  } catch {
    return undefined
  }
}
