/** Asks the demo to do something; resolves to whether it did. */
export async function post(path, body = {}) {
  const response = await fetch(`/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return response.ok
}

/**
 * Follows the state of the demo. The browser connects again by itself when the line is cut.
 *
 * @param {{ onState: (state) => void, onConnection: (isConnected: boolean) => void }} handlers
 */
export function follow({ onState, onConnection }) {
  const events = new EventSource('/events')
  events.addEventListener('state', (event) => onState(JSON.parse(event.data)))
  events.addEventListener('open', () => onConnection(true))
  events.addEventListener('error', () => onConnection(false))
}
