import { tell } from './notice.js'

/** Asks the demo to do something; resolves to whether it did. The visitor is told when it did not. */
export async function post(path, body = {}) {
  const response = await fetch(`/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) tell('This did not work.')
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
