import { Writable } from 'node:stream'
import { createColors } from 'picocolors'
import { visible } from './visible.ts'

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
}

type Line = { level: number; time: number; msg?: string; [key: string]: unknown }

/** One log line (JSON, redacted already) for a person: `14:02:11 warn  The lane waits account=sales`. */
export function formatLine(json: string, color: boolean): string {
  const paint = createColors(color)
  const { level, time, msg = '', ...rest }: Line = JSON.parse(json)
  const word = LEVELS[level] ?? String(level)
  const tint = level >= 50 ? paint.red : level >= 40 ? paint.yellow : paint.green
  const facts = Object.entries(rest).map(([key, value]) => `${visible(key)}=${show(value)}`)
  const clock = new Date(time).toISOString().slice(11, 19)
  return [paint.dim(clock), tint(word.padEnd(5)), visible(msg), paint.dim(facts.join(' '))]
    .filter((part) => part !== '')
    .join(' ')
}

/** Takes pino's JSON lines and writes them readably to `destination`. */
export function prettyStream(destination: NodeJS.WritableStream, color: boolean): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      const lines = String(chunk).split('\n').filter(Boolean)
      destination.write(lines.map((line) => `${formatLine(line, color)}\n`).join(''), () => done())
    },
  })
}

function show(value: unknown): string {
  const isWord = typeof value === 'string' && !value.includes(' ')
  return visible(isWord ? value : JSON.stringify(value))
}
