import { requestAction } from '../../../platforms/wasender/events/groups.ts'
import { type Addresses, readAddresses } from '../../../platforms/wasender/events/key.ts'
import { formatJid } from '../../../platforms/wasender/jid.ts'
import type { Content, IgnoredMessage, SystemWhat } from '../canonical.ts'

/** A message nobody wrote: what happened is in its type, the rest in its parameters. */
export type Stub = { type: number; parameters: readonly string[] }

type ReadStub = (parameters: readonly string[]) => Content | IgnoredMessage

/**
 * Stub types by WhatsApp's numbers (`WebMessageInfo.StubType`). Those that are missing here are about
 * encryption, payments and business settings: nothing an agent could use.
 */
const STUBS: ReadonlyMap<number, ReadStub> = new Map<number, ReadStub>([
  [2, () => 'empty'],
  [3, () => ({ kind: 'unsupported', what: 'newer' })],
  [20, named('group-created')],
  [21, named('group-subject')],
  [22, named('group-icon', 0)],
  [23, named('group-invite-link', 0)],
  [24, described],
  [25, setting('restrict')],
  [26, setting('announce')],
  [27, members('group-add')],
  [28, members('group-remove')],
  [29, members('group-promote')],
  [30, members('group-demote')],
  [32, members('group-leave')],
  [33, members('number-changed')],
  [40, missed({ video: false, group: false })],
  [41, missed({ video: true, group: false })],
  [42, members('number-changed')],
  [43, named('group-deleted', 0)],
  [45, missed({ video: false, group: true })],
  [46, missed({ video: true, group: true })],
  [144, requested],
  [145, setting('joinApproval')],
  [171, setting('memberAdd')],
  [172, requested],
])

/** Reads a message that has no content because nobody wrote it. */
export function fromStub({ type, parameters }: Stub): Content | IgnoredMessage {
  return STUBS.get(type)?.(parameters) ?? 'noise'
}

/** The JID to name somebody by: the number where it is known, since names are kept by it. */
export function memberJid({ address, phone }: Addresses): string {
  return formatJid(phone === undefined ? address : { kind: 'phone', digits: phone })
}

/** Settings of a group that a line tells of. */
export const GROUP_SETTINGS = ['announce', 'restrict', 'memberAdd', 'joinApproval'] as const
type GroupSetting = (typeof GROUP_SETTINGS)[number]

/** A group setting as a system message names it. */
export function settingName(setting: GroupSetting, isOn: boolean): string {
  return `${setting}-${isOn ? 'on' : 'off'}`
}

function named(what: SystemWhat, count = 1): ReadStub {
  return (parameters) => ({ kind: 'system', what, names: parameters.slice(0, count) })
}

function described(parameters: readonly string[]): Content {
  const text = parameters.find((parameter) => parameter.trim() !== '')
  const line = { kind: 'system', what: 'group-description', names: [] } as const
  return text === undefined ? { ...line, names: [] } : { ...line, names: [], text }
}

/** Words of the parameter that mean on. */
const ON: ReadonlySet<string | undefined> = new Set(['on', 'all_member_add'])

function setting(name: GroupSetting): ReadStub {
  return ([value]) => ({
    kind: 'system',
    what: 'group-settings',
    names: [settingName(name, ON.has(value))],
  })
}

/** Who asks to join, what became of it, and how they asked; two of WhatsApp's numbers stand for it. */
function requested([who = '', word]: readonly string[]): Content | IgnoredMessage {
  const action = requestAction(word)
  return action === undefined ? 'noise' : members(`group-${action}`)([who])
}

function members(what: SystemWhat): ReadStub {
  return (parameters) => ({
    kind: 'system',
    what,
    names: parameters.flatMap((parameter) => {
      const addresses = readAddresses(asEntry(parameter))
      return addresses === undefined ? [] : [memberJid(addresses)]
    }),
  })
}

/** A JID, or a member object written as JSON, as newer versions of WhatsApp's libraries do. */
function asEntry(parameter: string): unknown {
  if (!parameter.startsWith('{')) return parameter
  try {
    return JSON.parse(parameter)
  } catch {
    // No JSON after all: then it is no address either.
    return undefined
  }
}

function missed(call: { video: boolean; group: boolean }): ReadStub {
  return () => ({ kind: 'call', ...call, status: 'timeout' })
}
