type Unit = { readonly [name: string]: number }

const TIME: Unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Decimal and binary sizes. The gateway's limits are read as decimal, the stricter of the two. */
const SIZE: Unit = {
  B: 1,
  KB: 1000,
  MB: 1_000_000,
  GB: 1_000_000_000,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
}

/** Matches every text {@link parseDuration} understands, e.g. `72h`, `5m`, `1.5s`. */
export const DURATION_PATTERN = pattern(TIME)
/** Matches every text {@link parseSize} understands, e.g. `100MB`, `512 KiB`. */
export const SIZE_PATTERN = pattern(SIZE)

/** Milliseconds of a duration such as `72h`; `undefined` when it is none. */
export const parseDuration = (text: string): number | undefined => parse(text, TIME)

/** Bytes of a size such as `100MB`; `undefined` when it is none. */
export const parseSize = (text: string): number | undefined => parse(text, SIZE)

/** The shortest text that {@link parseDuration} reads back as the same number. */
export const formatDuration = (ms: number): string => format(ms, TIME)

/** The shortest text that {@link parseSize} reads back as the same number. */
export const formatSize = (bytes: number): string => format(bytes, SIZE)

function pattern(units: Unit): RegExp {
  return new RegExp(`^\\d+(\\.\\d+)? ?(${Object.keys(units).join('|')})$`)
}

function parse(text: string, units: Unit): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)$/.exec(text.trim()) ?? []
  const factor = units[unit]
  if (amount === undefined || factor === undefined) return undefined
  return Math.round(Number(amount) * factor)
}

function format(value: number, units: Unit): string {
  const [name, factor] = Object.entries(units)
    .filter(([, candidate]) => value % candidate === 0)
    .reduce((best, unit) => (unit[1] > best[1] && value !== 0 ? unit : best))
  return `${value / factor}${name}`
}
