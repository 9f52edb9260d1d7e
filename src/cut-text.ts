/** Where a cut looks for the end of the character a reader sees; longer ones are cut. */
const LOOK_BACK = 64
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** A text of at most `most` UTF-16 units: cut between two characters, with `mark` where something is missing. */
export function cutText(text: string, most: number, mark = '…'): string {
  if (text.length <= most) return text
  const room = most - mark.length
  const from = Math.max(0, room - LOOK_BACK)
  const at = graphemes.segment(text.slice(from, room + LOOK_BACK)).containing(room - from)?.index
  // Without a border in sight, as with a letter under a hundred accents, at least no character is halved.
  const kept = at === undefined || at === 0 ? text.slice(0, room) : text.slice(0, from + at)
  return `${kept.toWellFormed().replace(/\ufffd$/, '')}${mark}`
}
