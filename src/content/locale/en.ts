import { commands } from './en/commands.ts'
import { events } from './en/events.ts'
import { failed } from './en/failed.ts'
import { files } from './en/files.ts'
import { inbound } from './en/inbound.ts'
import { limits } from './en/limits.ts'
import { media } from './en/media.ts'
import { names } from './en/names.ts'
import { operator } from './en/operator.ts'
import { outbound } from './en/outbound.ts'
import { waiting } from './en/waiting.ts'

/**
 * Every text the bridge itself shows to agents and customers, in English. Another language is another file of
 * the same shape. Texts say what happened and what to do; they are shown next to messages, so they are short.
 */
export const en = {
  commands,
  events,
  failed,
  files,
  inbound,
  limits,
  media,
  names,
  operator,
  outbound,
  waiting,
}

export type Texts = typeof en
