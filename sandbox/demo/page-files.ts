import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

export type PageFile = { bytes: Uint8Array<ArrayBuffer>; type: string }

const FOLDER = join(import.meta.dirname, '..', 'page')

/** Only these are served: whatever else lies in the folder, such as tests, stays there. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Reads the page into memory, by the path it is served under; `/` is `index.html`. */
export async function readPage(): Promise<Map<string, PageFile>> {
  const entries = await readdir(FOLDER, { recursive: true, withFileTypes: true })
  const files = new Map<string, PageFile>()
  for (const entry of entries) {
    const type = TYPES[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const file = join(entry.parentPath, entry.name)
    const path = `/${relative(FOLDER, file).split(sep).join('/')}`
    const bytes = new Uint8Array(await readFile(file))
    files.set(path === '/index.html' ? '/' : path, { bytes, type })
  }
  return files
}
