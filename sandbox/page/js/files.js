import { el } from './dom.js'
import { tell } from './notice.js'

const MAX_BYTES = 16 * 1024 * 1024

/** Lets the visitor choose files of theirs. Resolves to what the demo takes; too large ones are left out. */
export async function pickFiles() {
  const input = el('input', { type: 'file', multiple: true })
  const chosen = new Promise((resolve) => {
    input.addEventListener('change', () => resolve([...input.files]))
    input.addEventListener('cancel', () => resolve([]))
  })
  input.click()
  const files = await chosen
  const small = files.filter(({ size }) => size <= MAX_BYTES)
  if (small.length < files.length) tell('The demo takes files up to 16 MB.')
  return Promise.all(small.map(readFile))
}

async function readFile(file) {
  const bytes = new Uint8Array(await file.arrayBuffer())
  return { fileName: file.name, mimetype: file.type, base64: bytes.toBase64?.() ?? base64Of(bytes) }
}

const CHUNK = 0x8000

/** For browsers that cannot do it themselves. */
function base64Of(bytes) {
  let binary = ''
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  }
  return btoa(binary)
}
