import type { Environment } from '../../config/environment.ts'
import { ConfigError } from '../../kernel/errors.ts'
import type { Choice, Prompter } from './prompter.ts'
import { type Given, QUESTIONS, type Question, type QuestionName } from './questions.ts'

type Hints = {
  /** From an earlier run. */
  known?: string | undefined
  /** Good for whoever does not care. */
  fallback?: string | undefined
  /** Offered at the terminal instead of a line to type on. */
  choices?: readonly Choice[]
}

/** Where `setup` gets what it has to know from. */
export type Answers = {
  /** From flag or variable only. */
  given(name: QuestionName): string | undefined
  /**
   * From flag, variable, an earlier run, the person at the terminal or the fallback. Who sits at the terminal sees
   * what is known as a suggestion; known secrets are taken without asking.
   *
   * @throws {ConfigError} `setup.missing` or `setup.bad_answer`
   */
  need(name: QuestionName, hints?: Hints): Promise<string>
  /** Absent when nobody sits at the terminal. */
  prompter: Prompter | undefined
}

export function createAnswers(options: {
  flags: Given
  env: Environment
  prompter?: Prompter | undefined
}): Answers {
  const { flags, env, prompter } = options

  function given(name: QuestionName): string | undefined {
    const { flag, variable } = QUESTIONS[name]
    const fromFlag = flags[name]
    if (fromFlag !== undefined) return checked(name, fromFlag, flagName(flag))
    const fromVariable = env[variable]
    return fromVariable ? checked(name, fromVariable, variable) : undefined
  }

  return {
    given,
    prompter,
    async need(name, { known, fallback, choices } = {}) {
      const { secret }: Question = QUESTIONS[name]
      const answer = given(name) ?? (secret ? known : undefined)
      if (answer !== undefined) return answer
      if (prompter !== undefined) return ask(prompter, name, known ?? fallback, choices)
      const suggestion = known ?? fallback
      if (suggestion !== undefined) return asAnswered(name, suggestion)
      throw missing([[name]], choices)
    },
  }
}

/** Nobody can be asked: names what has to be given. Of several in one group any one will do. */
export function missing(
  groups: readonly (readonly QuestionName[])[],
  choices: readonly Choice[] = [],
): ConfigError {
  const ways = groups.map((names) => `\n  ${names.map(describe).join('\n    or ')}`)
  const list = choices.map(({ value, label }) => `${value} (${label})`).join(', ')
  return new ConfigError(`Something is missing:${ways.join('')}${list && `\nThere are: ${list}`}`, {
    code: 'setup.missing',
    context: { missing: groups.flat().join(',') },
  })
}

function describe(name: QuestionName): string {
  const { flag, variable, what } = QUESTIONS[name]
  return `${flagName(flag)} or the variable ${variable}: ${what}`
}

async function ask(
  prompter: Prompter,
  name: QuestionName,
  initial: string | undefined,
  choices: readonly Choice[] | undefined,
): Promise<string> {
  const { what, secret, shape }: Question = QUESTIONS[name]
  const message = `${what.charAt(0).toUpperCase()}${what.slice(1)}`
  if (choices !== undefined) return prompter.choose({ message, choices, initial })
  const problemWith = (answer: string) => problemIn(shape, answer)
  const answer = secret
    ? await prompter.secret({ message, problemWith })
    : await prompter.text({ message, initial, problemWith })
  return shape.parse(answer)
}

function problemIn(shape: Question['shape'], answer: string): string | undefined {
  const result = shape.safeParse(answer)
  return result.success ? undefined : (result.error.issues[0]?.message ?? 'is not usable')
}

/** What stands in a configuration is completed like an answer. What is wrong with it is said when it is used. */
function asAnswered(name: QuestionName, value: string): string {
  const { shape }: Question = QUESTIONS[name]
  const result = shape.safeParse(value)
  return result.success ? result.data : value
}

/** The message never repeats the value: it may be a secret in the wrong place. */
function checked(name: QuestionName, value: string, where: string): string {
  const { shape }: Question = QUESTIONS[name]
  const result = shape.safeParse(value.trim())
  if (result.success) return result.data
  throw new ConfigError(`${where}: ${result.error.issues[0]?.message ?? 'is not usable'}.`, {
    code: 'setup.bad_answer',
    context: { question: name },
  })
}

/** `--inbox <id-or-new>` without what follows it. */
function flagName(flag: string): string {
  return flag.split(' ')[0] ?? flag
}
