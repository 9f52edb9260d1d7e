import { Hono } from 'hono'
import type { DemoStage } from '../stage.ts'
import { MEDIA_FILES } from './media-files.ts'

/** What browsers show or play in place. Anything else is downloaded, so that no file of anybody runs as a page. */
const INLINE = /^(image\/(png|jpeg|gif|webp)|audio\/[\w.+-]+|video\/[\w.+-]+)$/

/** Files of both platforms under the page's own origin, which is the only one it may load from. */
export function mediaRoutes(stage: DemoStage): Hono {
  return new Hono().get('/media/:holder/:id', async (c) => {
    const read = MEDIA_FILES[c.req.param('holder')]
    const file = await read?.(stage, c.req.param('id'))
    if (file === undefined) return c.notFound()
    const type = file.mimetype.split(';')[0]?.trim() ?? ''
    const place = INLINE.test(type) ? 'inline' : 'attachment'
    return c.body(file.bytes, 200, {
      'content-type': type,
      'content-disposition': `${place}; filename*=UTF-8''${encodeURIComponent(file.fileName)}`,
      // Their bytes never change.
      'cache-control': 'private, max-age=3600',
    })
  })
}
