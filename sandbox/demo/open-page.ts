import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** What opens an address on each system. */
const OPENERS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', linux: 'xdg-open' }

/** Tries to open an address in the browser; resolves to whether somebody took it. */
export async function openPage(url: string): Promise<boolean> {
  const opener = OPENERS[process.platform]
  if (opener === undefined) return false
  const child = spawn(opener, [url], { detached: true, stdio: 'ignore' })
  child.unref()
  try {
    await once(child, 'spawn')
    return true
  } catch {
    // No such program: the address was printed, which is enough.
    return false
  }
}
