import {
  networkCode,
  parseBody,
  readText,
  withDeadline,
} from '../../platforms/upstream/transport.ts'

/** What a plain GET met. */
export type Probed =
  | { answered: true; status: number; body: unknown; location: string | null }
  /** `network` is the system's code, or `TIMEOUT`. */
  | { answered: false; network: string }

export type ProbeOptions = { headers?: Record<string, string>; timeoutMs?: number }

const MOST_BYTES = 64 * 1024

/** Makes one GET without following redirects. Never throws because of what is at the other end. */
export async function probeHttp(url: string, options: ProbeOptions = {}): Promise<Probed> {
  const { headers = {}, timeoutMs = 6000 } = options
  try {
    return await withDeadline(timeoutMs, async (signal) => {
      const response = await fetch(url, { headers, redirect: 'manual', signal })
      const { status } = response
      const location = response.headers.get('location')
      // Whatever is at the other end may send without end; what is asked for here is short.
      const { text } = await readText(response, signal, MOST_BYTES)
      const body = parseBody(text)
      return { answered: true, status, body, location }
    })
  } catch (error) {
    return { answered: false, network: networkCode(error) }
  }
}
