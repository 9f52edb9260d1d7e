import type { Invalid } from './errors.ts'
import type { World } from './state.ts'
import type { Contact } from './types.ts'

/** The part of a contact that is validated. */
export type ContactFields = Pick<Contact, 'name' | 'email' | 'phoneNumber' | 'identifier'>

const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/
/** Anchored at both ends only since 4.17; before, text in front of the `+` slips through. */
const PHONE = { anchored: /^\+[1-9]\d{1,14}$/, loose: /\+[1-9]\d{1,14}$/ }
const MAX_STRING = 255

const UNIQUE = [
  ['email', 'email', 'Email'],
  ['identifier', 'identifier', 'Identifier'],
  ['phoneNumber', 'phone_number', 'Phone number'],
] as const

/** What is wrong with a contact, in the order Chatwoot reports it (docs/platforms/chatwoot.md#contacts). */
export function contactProblems(
  world: World,
  accountId: number,
  fields: ContactFields,
  ownId?: number,
): Invalid[] {
  return [
    ...tooLong(fields),
    ...taken(world, accountId, fields, ownId),
    ...malformed(world, fields),
  ]
}

function tooLong(fields: ContactFields): Invalid[] {
  return (['name', 'identifier'] as const)
    .filter((key) => (fields[key]?.length ?? 0) > MAX_STRING)
    .map((attribute) => ({
      attribute,
      message: `${attribute === 'name' ? 'Name' : 'Identifier'} is too long (maximum is ${MAX_STRING} characters)`,
    }))
}

function taken(
  world: World,
  accountId: number,
  fields: ContactFields,
  ownId: number | undefined,
): Invalid[] {
  const others = [...world.contacts.values()].filter(
    (contact) => contact.accountId === accountId && contact.id !== ownId,
  )
  return UNIQUE.filter(
    ([key]) => fields[key] !== null && others.some((other) => other[key] === fields[key]),
  ).map(([, attribute, label]) => ({ attribute, message: `${label} has already been taken` }))
}

function malformed(world: World, { email, phoneNumber }: ContactFields): Invalid[] {
  const phone = world.has('anchoredPhone') ? PHONE.anchored : PHONE.loose
  return [
    ...(email !== null && !EMAIL.test(email)
      ? [{ attribute: 'email', message: 'Email Invalid email' }]
      : []),
    ...(phoneNumber !== null && !phone.test(phoneNumber)
      ? [{ attribute: 'phone_number', message: 'Phone number should be in e164 format' }]
      : []),
  ]
}
