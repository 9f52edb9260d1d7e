/** Decimal, like the limits themselves. */
const UNITS: readonly (readonly [number, string])[] = [
  [1_000_000, 'MB'],
  [1000, 'KB'],
  [1, 'bytes'],
]

/** A limit as people write it: `5 MB`, `1.5 MB`, `512 KB`. Never more than it is. */
export function sizeInWords(bytes: number): string {
  const [unit, name] = UNITS.find(([size]) => bytes >= size) ?? [1, 'bytes']
  return `${Math.floor((bytes / unit) * 10) / 10} ${name}`
}
