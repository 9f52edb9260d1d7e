/** A text without the given character at its end, however often it stands there. */
export function withoutEnd(text: string, character: string): string {
  // Not `/c+$/`: where the end is something else, that looks at every run of it once for each of its characters.
  let end = text.length
  while (end > 0 && text.charAt(end - 1) === character) end -= 1
  return text.slice(0, end)
}
