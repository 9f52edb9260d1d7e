import type { Addresses } from '../../wasender/events/addresses.ts'
import { compact } from '../../wasender/events/fields.ts'
import type { WaKey } from '../../wasender/events/key.ts'

/** Who wrote or did something inside a group. */
export type Author = { name?: string; phone?: string; lid?: string }

/** The author of a message in a group, a channel or the stories; a direct chat has no other than its person. */
export function authorOf(key: WaKey, pushName: string | undefined): Author | undefined {
  const isDirect = key.chat.kind === 'phone' || key.chat.kind === 'lid'
  if (isDirect || key.fromMe) return undefined
  return known({ name: pushName, phone: key.participantPhone, lid: key.participantLid })
}

/** The author behind some addresses. */
export function personOf({ address, phone, lid }: Addresses): Author | undefined {
  return known({
    phone: phone ?? (address.kind === 'phone' ? address.digits : undefined),
    lid: lid ?? (address.kind === 'lid' ? address.id : undefined),
  })
}

function known(fields: { [Field in keyof Author]?: string | undefined }): Author | undefined {
  const author = compact(fields)
  return Object.keys(author).length === 0 ? undefined : author
}
