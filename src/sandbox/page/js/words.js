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
