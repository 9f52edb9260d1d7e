import { z } from 'zod'
import { label, text } from '../../wasender/events/fields.ts'
import type { ContactCard } from '../canonical.ts'
import type { Converter } from './converter.ts'
import { list, readNode } from './fields.ts'
import { readVcard } from './vcard.ts'

const cardSchema = z.object({ displayName: label, vcard: text })
const cardsSchema = z.object({ contacts: list })

/** `contactMessage`: one card. */
export const fromContact: Converter = (node) => carried([readCard(node)])

/** `contactsArrayMessage`: several cards. */
export const fromContacts: Converter = (node) =>
  carried(readNode(cardsSchema, node).contacts.map(readCard))

function carried(cards: (ContactCard | undefined)[]) {
  const readable = cards.filter((card) => card !== undefined)
  return readable.length === 0 ? undefined : { kind: 'contacts' as const, cards: readable }
}

function readCard(node: unknown): ContactCard | undefined {
  const { displayName, vcard = '' } = readNode(cardSchema, node)
  const card = readVcard(vcard)
  const { numbers } = card
  const name = displayName ?? card.name ?? numbers[0]
  return name === undefined ? undefined : { name, numbers, vcard }
}
