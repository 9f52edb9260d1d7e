import { extensionOfType } from '../../mime-types.ts'

/** File systems take 255 bytes; a phone adds a counter to a name it already has. */
const MAX_BYTES = 240

/** Separators of paths, control characters, and marks that turn the reading direction around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const UNSAFE = /[/\\\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g

/** A longer "extension" is the end of a sentence with a dot in it. */
const EXTENSION = /\.[\p{L}\p{N}_-]{1,12}$/u

/**
 * The name of an agent's file: the last segment of its address, which is where Chatwoot keeps it
 * (docs/platforms/chatwoot.md#attachments), made safe to store on any phone. Undefined when there is none.
 */
export function nameInUrl(url: string): string | undefined {
  const segment = URL.canParse(url) ? new URL(url).pathname.split('/').at(-1) : ''
  const name = cleanName(decoded(segment ?? ''))
  return name === '' ? undefined : name
}

/** The extension of a name, lower-case and without its dot; empty when it has none. */
export function extensionOf(name: string): string {
  return EXTENSION.exec(name)?.[0].slice(1).toLowerCase() ?? ''
}

/** The name to send a file under. Without an extension phones do not know how to open it. */
export function nameToSend(name: string | undefined, type: string): string {
  const known = name ?? 'file'
  const extension = extensionOfType(type)
  if (extensionOf(known) !== '' || extension === undefined) return shorten(known)
  return shorten(`${known}.${extension}`)
}

function cleanName(name: string): string {
  const clean = name.toWellFormed().replace(UNSAFE, '').trim()
  // "." and ".." are places, not names.
  return /^\.*$/.test(clean) ? '' : clean
}

/** Shortens the stem and keeps the extension. */
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= MAX_BYTES) return name
  const extension = EXTENSION.exec(name)?.[0] ?? ''
  let room = MAX_BYTES - Buffer.byteLength(extension)
  const kept: string[] = []
  for (const { segment } of SEGMENTER.segment(name.slice(0, name.length - extension.length))) {
    room -= Buffer.byteLength(segment)
    if (room < 0) break
    kept.push(segment)
  }
  return kept.join('').trimEnd() + extension
}

/** By what a reader sees as one character, so that no emoji or accent is cut in two. */
const SEGMENTER = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    // A stray "%" of a name that was never encoded.
    return segment
  }
}
