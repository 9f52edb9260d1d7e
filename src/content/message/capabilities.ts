import type { Capability } from './capabilities/capability.ts'
import { fromChatwoot } from './capabilities/from-chatwoot.ts'
import { fromWhatsapp } from './capabilities/from-whatsapp.ts'

export type { Capability, How } from './capabilities/capability.ts'

/**
 * Everything people can say or do on either side and what becomes of it. Tests hold it against the converters, and
 * `docs/what-is-carried.md` is made of it.
 */
export const capabilities: readonly Capability[] = [...fromWhatsapp, ...fromChatwoot]
