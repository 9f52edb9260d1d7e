import { failed } from './en/failed.ts'
import { inbound } from './en/inbound.ts'
import { names } from './en/names.ts'

/**
 * Every text the bridge itself shows to agents and customers, in English. Another language is another file of
 * the same shape. Texts say what happened and what to do; they are shown next to messages, so they are short.
 */
export const en = { failed, inbound, names }

export type Texts = typeof en
