import { type Answers, missing } from './answers.ts'
import type { Existing } from './files/existing.ts'
import type { QuestionName } from './questions.ts'

type Basic = { anyOf: readonly QuestionName[]; known: (existing: Existing, id: string) => unknown }

/** What no set-up can do without, and where an earlier one has left it. */
const BASICS: readonly Basic[] = [
  { anyOf: ['publicUrl'], known: ({ valueAt }) => valueAt(['server', 'publicUrl']) },
  {
    anyOf: ['chatwootUrl'],
    known: ({ accountValue }, id) => accountValue(id, ['chatwoot', 'baseUrl']),
  },
  {
    anyOf: ['chatwootToken'],
    known: ({ accountValue }, id) => accountValue(id, ['chatwoot', 'apiAccessToken']),
  },
  {
    anyOf: ['wasenderToken', 'apiKey'],
    known: ({ accountValue }, id) =>
      accountValue(id, ['wasender', 'personalAccessToken']) ??
      accountValue(id, ['wasender', 'apiKey']),
  },
]

/**
 * Where nobody can be asked, says all that is missing at once and before anything is done.
 *
 * @throws {ConfigError} `setup.missing`
 */
export function checkBasics(answers: Answers, existing: Existing, account: string): void {
  if (answers.prompter !== undefined) return
  const lacking = BASICS.filter(
    ({ anyOf, known }) => !anyOf.some(answers.given) && known(existing, account) === undefined,
  )
  if (lacking.length > 0) throw missing(lacking.map(({ anyOf }) => anyOf))
}
