import type { ContactProgress, Counts, Progress, Reasons } from '../contacts-import/progress.ts'
import type { CliContext } from './context.ts'

type Sums = { counts: Counts; reasons: Reasons }

/** Why contacts were left alone, in words. */
const WORDS: Readonly<Record<keyof Reasons, string>> = {
  group: 'groups',
  channel: 'channels',
  own: 'the own number',
  unreadable: 'without a number',
  busy: 'with a message on its way',
  refused: 'refused by Chatwoot',
}

/** So often at most the line is written anew, in ms. */
const EVERY_MS = 100
const CLEAR = '\r\u001B[K'

/** Shows how an import goes: one line that is written over and over on a terminal, nothing elsewhere. */
export function createImportView(cli: Pick<CliContext, 'stderr'>, isJson: boolean) {
  const isLive = !isJson && (cli.stderr as { isTTY?: boolean }).isTTY === true
  const counts: Counts = { created: 0, linked: 0, unchanged: 0, skipped: 0 }
  let shownAt = Number.NEGATIVE_INFINITY
  let of = ''

  function write(line: string): void {
    if (isLive) cli.stderr.write(`${CLEAR}${line}`)
  }

  function showContact({ result, done, total }: ContactProgress): void {
    counts[result] += 1
    of = total === null ? `${done}` : `${done} of ${total}`
    if (performance.now() - shownAt < EVERY_MS) return
    shownAt = performance.now()
    write(`${of}: ${inWords(counts)}`)
  }

  return {
    show(line: Extract<Progress, { type: 'contact' | 'waiting' }>): void {
      if (line.type === 'contact') showContact(line)
      else write(`${of}: waits ${line.seconds} s (${line.code})`)
    },
    clear: () => write(''),
    /** What was done in one line. */
    sums: (sums: Sums) => `${inWords(sums.counts)}${reasonsIn(sums.reasons)}`,
    summary({ dryRun, because, ...sums }: Sums & Extract<Progress, { type: 'end' }>): string {
      const lead = dryRun ? 'Would be: ' : ''
      const rest = because === 'limit' ? ' There may be more: run it again to go on.' : ''
      return `${lead}${inWords(sums.counts)}${reasonsIn(sums.reasons)}.${rest}`
    },
  }
}

function inWords({ created, linked, unchanged, skipped }: Counts): string {
  return `${created} created, ${linked} linked, ${unchanged} unchanged, ${skipped} skipped`
}

function reasonsIn(reasons: Reasons): string {
  const named = Object.entries(reasons).map(
    ([reason, count]) => `${count} ${WORDS[reason as keyof Reasons]}`,
  )
  return named.length === 0 ? '' : ` (${named.join(', ')})`
}
