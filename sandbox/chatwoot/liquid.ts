/** Values of the variables an outgoing text may name, e.g. `contact.name`. */
export type LiquidVariables = Readonly<Record<string, string | null>>

const VARIABLE = /\{\{-?\s*([\w.]*)[^{}]*?-?\}\}/g

/**
 * What Chatwoot does to outgoing and template content on create (docs/platforms/chatwoot.md#creating-messages):
 * variables are replaced, unknown ones vanish, text in backticks is protected, and a text with broken syntax is left
 * alone. Tags (`{% … %}`) are not run: a text with one counts as broken.
 */
export function renderLiquid(text: string, variables: LiquidVariables): string {
  const pieces = text.split(/(`[^`]*`)/)
  const open = pieces.filter((_, index) => index % 2 === 0).join('')
  const rest = open.replace(VARIABLE, '')
  if (rest.includes('{{') || rest.includes('{%')) return text
  return pieces
    .map((piece, index) =>
      index % 2 === 1 ? piece : piece.replace(VARIABLE, (_, name: string) => variables[name] ?? ''),
    )
    .join('')
}
