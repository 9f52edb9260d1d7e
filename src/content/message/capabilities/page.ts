import { sizeInWords } from '../../media/outbound/carry-file.ts'
import type { Capability, How, Tests } from './capability.ts'

const TITLES: Readonly<Record<How, { title: string; lead: string }>> = {
  carried: { title: 'Carried', lead: 'The other side gets the same thing.' },
  degraded: {
    title: 'Carried as something else',
    lead: 'It arrives, but looks different or lacks something there.',
  },
  impossible: {
    title: 'Not possible',
    lead: 'It cannot be carried. Where it was part of a conversation, the conversation says so.',
  },
}

const HEADINGS: Readonly<Record<Capability['direction'], { title: string; columns: string }>> = {
  in: {
    title: 'From WhatsApp to Chatwoot',
    columns: '| On WhatsApp | In Chatwoot | Why, and options | Tests |',
  },
  out: {
    title: 'From Chatwoot to WhatsApp',
    columns: '| In Chatwoot | On WhatsApp | Why, and options | Tests |',
  },
}

const INTRODUCTION = `# What is carried

<!-- Made by \`node scripts/what-is-carried.ts\` from src/content/message/capabilities.ts. Change it there. -->

What customers write on WhatsApp and what agents write in Chatwoot, what becomes of it on the other side, and what
cannot get there and why. Options are those of an account in \`config/bridge.yaml\`; the commands that start with \`!\`
are written as private notes. The last column has the tests that show it, or bodies with what
becomes of them; the title of a link is the name to look for there.

What fails is never silent: an agent’s message that was not sent is marked as failed, with the reason and a Retry
button.
`

/** `docs/what-is-carried.md`, from the table. */
export function renderPage(capabilities: readonly Capability[]): string {
  const sections = (['in', 'out'] as const).flatMap((direction) => [
    `## ${HEADINGS[direction].title}\n`,
    ...(Object.keys(TITLES) as How[]).map((how) =>
      section(
        direction,
        how,
        capabilities.filter((row) => row.direction === direction && row.how === how),
      ),
    ),
  ])
  return [INTRODUCTION, ...sections].join('\n')
}

function section(
  direction: Capability['direction'],
  how: How,
  rows: readonly Capability[],
): string {
  const { title, lead } = TITLES[how]
  const table = [HEADINGS[direction].columns, '|---|---|---|---|', ...rows.map(tableRow)]
  return `### ${title}\n\n${lead}\n\n${table.join('\n')}\n`
}

function tableRow(row: Capability): string {
  const cells = [
    row.kind,
    row.as,
    [row.why, limitsOf(row), optionsOf(row)].filter(isSaid).join(' '),
    testsOf(row.tests),
  ]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function limitsOf(row: Capability): string | undefined {
  if (row.direction === 'in' || row.limits === undefined) return undefined
  const { bytes, types } = row.limits
  const named = types === undefined ? '' : `${types.map((type) => `\`${type}\``).join(', ')}; `
  return `${named === '' ? 'Up' : `${named}up`} to ${sizeInWords(bytes)}.`
}

function optionsOf({ options = [] }: Capability): string | undefined {
  if (options.length === 0) return undefined
  const names = options.map((option) => `\`${option}\``).join(', ')
  return options.length === 1 ? `Option ${names}.` : `Options ${names}.`
}

/** Links from the folder of the page. */
function testsOf(tests: Tests): string {
  return Object.entries(tests)
    .map(([file, title]) => `[${nameOf(file)}](../${file} "${title.replaceAll('"', "'")}")`)
    .join(', ')
}

const nameOf = (file: string) =>
  file.slice(file.lastIndexOf('/') + 1).replace(/(\.test\.ts|\.json)$/, '')

const isSaid = (words: string | undefined) => words !== undefined
