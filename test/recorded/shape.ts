/** Texts that are one of a few, so what they say counts, and not only that they are texts. */
const ENUMERATED =
  /(^|\.)(status|current_status|message_type|content_type|event|channel|channel_type|type|sender_type|assignee_type|file_type|role|availability|availability_status|error|errors\[\]|message)$/

/** Times of which 0 means never. */
const INSTANT = /(_at|_since)$/

/** Objects of free keys, which the step itself wrote. */
const FREE = /(^|\.)(additional_attributes|custom_attributes|csat_config)$/

/** A picture is measured a moment after it was stored, so both may be seen. */
const MEASURED = /\.(width|height)$/

/** Addresses of files count by their parts; names and signatures do not. */
const FILE_ADDRESS = /\/rails\/active_storage\/(\w+)\/redirect\/(.*)$/

/**
 * The shape of a body: each path with what was found there. Elements of a list are one path, ids and times only kinds.
 */
export function shapeOf(body: unknown): Map<string, string> {
  const found = new Map<string, Set<string>>()
  const note = (path: string, kind: string) => {
    found.set(path, (found.get(path) ?? new Set()).add(kind))
  }
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) {
      note(path, 'list')
      for (const item of value) walk(item, `${path}[]`)
      return
    }
    if (typeof value !== 'object' || value === null || MEASURED.test(path)) {
      note(path, kindOf(value, path))
      return
    }
    note(path, 'object')
    if (FREE.test(path) && !Object.hasOwn(value, 'avatar_url_hash')) return
    for (const [key, inner] of Object.entries(value)) walk(inner, path ? `${path}.${key}` : key)
  }
  walk(body, '')
  return new Map([...found].map(([path, kinds]) => [path, [...kinds].toSorted().join('|')]))
}

function kindOf(value: unknown, path: string): string {
  if (MEASURED.test(path)) return 'measured'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') {
    if (ENUMERATED.test(path)) return String(value)
    return INSTANT.test(path) && value === 0 ? 'never' : 'number'
  }
  if (typeof value !== 'string') return value === null ? 'null' : typeof value
  if (ENUMERATED.test(path)) return JSON.stringify(value)
  const [, route, parts = ''] = FILE_ADDRESS.exec(value) ?? []
  if (route !== undefined) {
    const inline = parts.includes('?') ? ' inline' : ''
    return `${route} of ${parts.split('/').length} parts${inline}`
  }
  return value === '' ? 'empty' : 'text'
}

/** Where two bodies differ, as `path: recorded → played`. */
export function differences(recorded: unknown, played: unknown): string[] {
  const [left, right] = [shapeOf(recorded), shapeOf(played)]
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((path) => left.get(path) !== right.get(path))
    .map((path) => `${path}: ${left.get(path) ?? 'absent'} → ${right.get(path) ?? 'absent'}`)
}
