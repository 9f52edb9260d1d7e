const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })

/** Hours and minutes of a time in milliseconds since 1970. */
export const timeOf = (at) => clock.format(at)

/** The first letters of a name, for a round picture. */
export function initials(name) {
  const words = name.split(/\s+/).filter((word) => /\p{L}/u.test(word))
  return words
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase())
    .join('')
}

/** A size in words, e.g. `2.4 kB`. */
export function sizeOf(bytes) {
  if (bytes < 1e3) return `${bytes} B`
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : [bytes / 1e6, 'MB']
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`
}

/** A text without its marks, on one line. */
export const plainLine = (text) =>
  text.replaceAll(/\\([!-/:-@[-`{-~])|[*~`]/g, '$1').replaceAll('\n', ' ')
