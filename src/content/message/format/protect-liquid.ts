/**
 * U+2060: no width, allows no line break and, unlike a joiner, does not change how its neighbours
 * are drawn.
 */
const WORD_JOINER = '\u2060'

const TAG_START = /\{(?=[{%])/g
const CODE_OR_TAG_START = /`[^`]*`|\{(?=[{%])/g

/** Chatwoot wraps code in `raw`; code that ends `raw` itself would get out of it. */
const ENDS_RAW = /endraw/

/**
 * Keeps `{{…}}` and `{%…%}` visible in an outgoing message, by an invisible character between the two opening
 * characters. Chatwoot runs outgoing content through Liquid (docs/platforms/chatwoot.md#creating-messages): variables
 * would be filled in, unknown ones would vanish. Text between backticks is left alone because Chatwoot protects it, and
 * copied code should stay exact. Apply it last, to the Markdown that is posted.
 */
export function protectLiquid(text: string): string {
  return text.replace(CODE_OR_TAG_START, (match) => {
    if (!match.startsWith('`')) return separated(match)
    return ENDS_RAW.test(match) ? match.replace(TAG_START, separated) : match
  })
}

function separated(brace: string): string {
  return brace + WORD_JOINER
}
