/** What a PromQL expression looks at: names of metrics, each with the labels asked of it. */
export type Looks = { metric: string; matched: string[] }[]

const NOT_METRICS = /^(?:by|on|and|or|unless|offset|group_left|group_right|without|ignoring|bool)$/

/** Every metric with its matchers; functions are followed by a bracket and numbers by no name. */
export function looksOf(expr: string): Looks {
  const bare = withoutGroupings(expr)
  const found = bare.matchAll(/(?<![\w$"])([a-z_:][\w:]*)(\{[^}]*\})?(?!\s*\(|\w)/gi)
  return [...found]
    .filter(([, name = '']) => !NOT_METRICS.test(name))
    .map(([, metric = '', matchers = '']) => ({ metric, matched: labelsIn(matchers) }))
}

/** Labels that series are grouped or joined by. */
export function groupedBy(expr: string): string[] {
  const lists = expr.matchAll(/\b(?:by|on|without|ignoring|group_left|group_right)\s*\(([^)]*)\)/g)
  return [...lists]
    .flatMap(([, list = '']) => list.split(',').map((label) => label.trim()))
    .filter(Boolean)
}

function withoutGroupings(expr: string): string {
  return expr
    .replaceAll(/\b(?:by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(/\boffset\s+\w+/g, ' ')
}

function labelsIn(matchers: string): string[] {
  return [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = '']) => label)
}
