/**
 * Characters Chatwoot cannot keep: PostgreSQL refuses U+0000, and a text that ends in U+FFFE or U+FFFF makes Chatwoot's
 * list of notifications fail for every agent who has it there.
 */
const UNSTORABLE = /[\0\ufffe\uffff]/g

/**
 * A value as Chatwoot can store it, texts and keys at every depth: what it cannot becomes U+FFFD, also halves of
 * surrogate pairs, for which Rails refuses the whole body. The same text always becomes the same, so what was written
 * is found again by it.
 */
export function storable<Value>(value: Value): Value
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map((item) => storable(item))
  if (!isPlainObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [storableText(key), storable(inner)]),
  )
}

export function storableText(text: string): string {
  return text.toWellFormed().replace(UNSTORABLE, '\ufffd')
}

/** Files and streams are handed on as they are. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
