/** What a text of JSON says; `undefined` when it is none. The parser's own message would quote what somebody wrote. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
