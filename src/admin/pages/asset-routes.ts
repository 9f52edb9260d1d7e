import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { Hono } from 'hono'
import { etag } from 'hono/etag'

const FOLDER = join(import.meta.dirname, 'assets')

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Styles and scripts of the pages, for everybody: the sign-in page needs them, and they tell nothing. */
export function createAssetRoutes(): Hono {
  const app = new Hono()
  app.use('*', etag())
  for (const name of readdirSync(FOLDER)) {
    const type = TYPES[extname(name)]
    if (type === undefined) continue
    const bytes = new Uint8Array(readFileSync(join(FOLDER, name)))
    // Asked for again each time, answered with 304 while it is the same: an update shows at once.
    const headers = { 'Content-Type': type, 'Cache-Control': 'no-cache' }
    app.get(`/${name}`, (c) => c.body(bytes, 200, headers))
  }
  return app
}
