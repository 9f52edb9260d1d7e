/** A body as a platform sends it: parsed JSON, or the text itself when it is not JSON, such as a proxy's page. */
export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
