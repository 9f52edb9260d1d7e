import type { Command } from './command.ts'

/** A poll takes two to twelve options (docs/platforms/wasender.md#sending), which WhatsApp wants to be different. */
const MIN_OPTIONS = 2
const MAX_OPTIONS = 12

/** `Question | A | B [| multi]` */
export function readPoll(argument: string): Command | undefined {
  const [question = '', ...rest] = pieces(argument)
  const multiSelect = rest.at(-1)?.toLowerCase() === 'multi'
  const options = multiSelect ? rest.slice(0, -1) : rest
  const isComplete = question !== '' && options.every((option) => option !== '')
  const isDistinct = new Set(options).size === options.length
  if (!isComplete || !isDistinct) return undefined
  if (options.length < MIN_OPTIONS || options.length > MAX_OPTIONS) return undefined
  return { name: 'poll', question, options, multiSelect }
}

const COORDINATES = /^([+-]?\d{1,3}(?:\.\d+)?)\s*,\s*([+-]?\d{1,3}(?:\.\d+)?)(?=\s|$)/

/** `52.52,13.40 Name | Address`; name and address may be left out. */
export function readLocation(argument: string): Command | undefined {
  const match = COORDINATES.exec(argument)
  if (match === null) return undefined
  const [latitude, longitude] = [Number(match[1]), Number(match[2])]
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return undefined
  const [place = '', address = ''] = pieces(argument.slice(match[0].length))
  return {
    name: 'location',
    latitude,
    longitude,
    ...(place === '' ? {} : { place }),
    ...(address === '' ? {} : { address }),
  }
}

/** What E.164 allows, with the usual decoration around the digits. */
const PHONE = /^\+?\d{6,15}$/

/** `Name | +49…` */
export function readContact(argument: string): Command | undefined {
  const [person = '', written = '', ...rest] = pieces(argument)
  const phone = written.replace(/[\s()./-]/g, '')
  if (person === '' || rest.length > 0 || !PHONE.test(phone)) return undefined
  return { name: 'contact', person, phone: phone.startsWith('+') ? phone : `+${phone}` }
}

function pieces(argument: string): string[] {
  return argument.split('|').map((piece) => piece.trim())
}
