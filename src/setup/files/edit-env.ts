import { parseEnv } from 'node:util'
import { ConfigError } from '../../errors.ts'

/** Needs no quotes in any reader of such files. */
const PLAIN = /^[\w.,~:/+=@%^|-]+$/

/**
 * The text of an env file with variables set. Lines of others, comments and order stay; a variable that has its
 * value already is not touched, so the same set twice gives the same text.
 *
 * @throws {ConfigError} `setup.env_value` when a value cannot be written down so that it is read back alike.
 */
export function editEnv(text: string, variables: Readonly<Record<string, string>>): string {
  let edited = text
  for (const [name, value] of Object.entries(variables)) {
    if (parseEnv(edited)[name] === value) continue
    edited = withValue(edited, name, value)
  }
  return edited
}

/** Whether a way of writing is read back alike is tried: double quotes, say, turn `\n` into the end of a line. */
function withValue(text: string, name: string, value: string): string {
  const texts = waysToWrite(value).map((written) => withLine(text, name, `${name}=${written}`))
  const edited = texts.find((each) => parseEnv(each)[name] === value)
  if (edited !== undefined) return edited
  throw new ConfigError(`The value of ${name} cannot be written into an env file.`, {
    code: 'setup.env_value',
    context: { name },
  })
}

function withLine(text: string, name: string, line: string): string {
  const existing = new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=.*$`, 'm')
  // As a function, because a value may hold what `replace` would take for a pattern.
  if (existing.test(text)) return text.replace(existing, () => line)
  const gap = text === '' || text.endsWith('\n') ? '' : '\n'
  return `${text}${gap}${line}\n`
}

/** Single quotes first: what is in them is taken as it is, also by docker compose. */
function waysToWrite(value: string): string[] {
  if (PLAIN.test(value)) return [value]
  return ["'", '"', '`'].map((mark) => `${mark}${value}${mark}`)
}
