import { MESSAGE_EVENTS, OTHER_EVENTS } from './events.ts'
import type { ReachRow } from './row.ts'
import { SEND_ROWS } from './sends.ts'
import { SESSION_EVENTS, SESSION_ROWS } from './sessions.ts'

type Section = { title: string; intro: string; first: string; rows: readonly ReachRow[] }

/** Everything of WasenderAPI, in the order of the page. */
export const SECTIONS: readonly Section[] = [
  {
    title: 'Sessions',
    intro:
      'Admins use these. All but `GET /status` need a personal access token (`wasender.personalAccessToken`). `sessions` and `check` are commands of the command line.',
    first: 'Route',
    rows: SESSION_ROWS,
  },
  {
    title: 'Messages',
    intro:
      'Agents use these in the conversation. The documented API has one route for sending; the bridge finds out which spelling the account has (`wasender.routes`), and uses the other where it has to.',
    first: 'Route',
    rows: SEND_ROWS,
  },
  {
    title: 'Webhooks about the session',
    intro: 'They steer the bridge too: while the session is down nothing is sent.',
    first: 'Event',
    rows: SESSION_EVENTS,
  },
  {
    title: 'Webhooks about messages',
    intro: 'What agents see of each. The webhook URL is the same for all.',
    first: 'Event',
    rows: MESSAGE_EVENTS,
  },
  {
    title: 'Webhooks about everything else',
    intro: 'Subscribing to all of them does no harm.',
    first: 'Event',
    rows: OTHER_EVENTS,
  },
]

/** `docs/what-is-reached.md`. */
export function renderPage(): string {
  return [
    '# What of WasenderAPI is used, and how',
    '<!-- Made by `node scripts/what-is-reached.ts` from test/reach/. Change it there. -->',
    'Each row has a test of the same name in `test/reach.test.ts`, which uses it the way it says here: the real bridge, the real command line, a stand-in for each platform.',
    ...SECTIONS.flatMap(renderSection),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n')
}

function renderSection({ title, intro, first, rows }: Section): string[] {
  const lines = rows.map(({ name, today, how }) => {
    const spelled = today === undefined ? `\`${name}\`` : `\`${name}\`, today \`${today}\``
    return `| ${spelled} | ${how} |`
  })
  return [`## ${title}`, intro, [`| ${first} | How it is used |`, '|---|---|', ...lines].join('\n')]
}
