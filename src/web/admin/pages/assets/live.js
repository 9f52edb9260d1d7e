import { morph } from './morph.js'

/** Keeps the page up to date while somebody looks at it. Without this script it is simply as of when it was loaded. */

const live = document.getElementById('live')
const connection = document.getElementById('connection')
const updated = document.getElementById('updated')
const AGAIN_MS = 3_000

let source
let heardAt = Date.now()

const SAID = {
  live: 'Live',
  lost: 'Connection lost. Trying again …',
  trouble: 'The bridge cannot tell anything new right now.',
}

function say(state) {
  connection.parentElement.dataset.state = state
  // Said again, it would be read out again.
  if (connection.textContent !== SAID[state]) connection.textContent = SAID[state]
}

function heard() {
  heardAt = Date.now()
  say('live')
  tell()
}

function tell() {
  const seconds = Math.round((Date.now() - heardAt) / 1000)
  updated.textContent = seconds < 5 ? 'Updated just now' : `Updated ${seconds} s ago`
}

/** The server does not want this connection any more: either nobody is signed in, or it is not there. */
async function refused() {
  say('lost')
  const answer = await fetch(location.href, { redirect: 'manual' }).catch(() => undefined)
  if (answer?.type === 'opaqueredirect') location.reload()
  else setTimeout(connect, AGAIN_MS)
}

function connect() {
  source?.close()
  if (document.hidden) return
  source = new EventSource(location.href)
  source.addEventListener('page', ({ data }) => {
    morph(live, data)
    heard()
  })
  source.addEventListener('same', heard)
  source.addEventListener('trouble', () => say('trouble'))
  source.addEventListener('over', () => location.reload())
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) refused()
    else say('lost')
  })
}

document.addEventListener('visibilitychange', connect)
setInterval(tell, 1_000)
connect()
