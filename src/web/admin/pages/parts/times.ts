import { type Html, html } from './html.ts'

const UNITS = [
  { seconds: 86_400, name: 'day' },
  { seconds: 3_600, name: 'hour' },
  { seconds: 60, name: 'minute' },
] as const

/** `3 minutes`: one unit is enough to act on, and a page that shows seconds never rests. */
export function duration(seconds: number): string {
  const unit = UNITS.find((each) => seconds >= each.seconds)
  if (unit === undefined) return 'less than a minute'
  const count = Math.floor(seconds / unit.seconds)
  return `${count} ${unit.name}${count === 1 ? '' : 's'}`
}

/** A moment as `3 minutes ago`, with the exact one for those who point at it. */
export function ago(at: number, now: number): Html {
  const iso = new Date(at).toISOString()
  const seconds = (now - at) / 1000
  const said = seconds < 60 ? 'just now' : `${duration(seconds)} ago`
  return html`<time datetime="${iso}" title="${clockTime(at)}">${said}</time>`
}

/** A moment within a day as `16:28 UTC`, with the exact one for those who point at it. */
export function timeOfDay(at: number): Html {
  const iso = new Date(at).toISOString()
  return html`<time datetime="${iso}" title="${clockTime(at)}">${iso.slice(11, 16)} UTC</time>`
}

/** `2026-11-22 16:28:01 UTC`. */
export function clockTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
