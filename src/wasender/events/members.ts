import { z } from 'zod'
import { readAddresses } from './addresses.ts'
import type { Member } from './chat-types.ts'
import { anything, flag, isObject } from './fields.ts'

const roleSchema = z.object({ admin: anything, isAdmin: flag, isSuperAdmin: flag })

/** Members of a group, each a JID or an object; those without an address are left out. */
export function readMembers(list: readonly unknown[]): Member[] {
  return list.flatMap((entry) => {
    const addresses = readAddresses(entry)
    return addresses === undefined ? [] : { ...addresses, ...readRole(entry) }
  })
}

/** Docs say `isAdmin` and `isSuperAdmin`, Baileys `admin: "admin" | "superadmin" | null`. */
function readRole(entry: unknown): { admin?: boolean } {
  const { admin, isAdmin, isSuperAdmin } = roleSchema.parse(isObject(entry) ? entry : {})
  if (isAdmin !== undefined || isSuperAdmin !== undefined) {
    return { admin: isAdmin === true || isSuperAdmin === true }
  }
  return admin === undefined ? {} : { admin: admin === 'admin' || admin === 'superadmin' }
}
