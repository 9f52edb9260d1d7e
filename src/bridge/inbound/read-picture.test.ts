import { describe, expect, it, vi } from 'vitest'
import type { Download } from '../../content/media/download.ts'
import { readPicture } from './profiles.ts'

const MEGABYTE = 1024 * 1024

function download(contentType: string | undefined, chunks: number[], size?: number) {
  const close = vi.fn()
  async function* body() {
    for (const length of chunks) yield new Uint8Array(length).fill(7)
  }
  const given: Download = { size, contentType, body: body(), close }
  return { given, close }
}

describe('a profile picture', () => {
  it('is read whole, with its bare type', async () => {
    const { given, close } = download('image/JPEG; q=1', [10, 20])
    const picture = await readPicture(given)
    expect(picture?.type).toBe('image/jpeg')
    expect(picture?.size).toBe(30)
    expect(close).toHaveBeenCalledOnce()
  })

  it.each([
    ['not a picture', download('text/html', [10])],
    ['of no type', download(undefined, [10])],
    ['announced too large', download('image/png', [10], 6 * MEGABYTE)],
    ['larger than announced', download('image/png', Array(6).fill(MEGABYTE), 10)],
  ])('%s is none, and its connection is let go', async (_what, { given, close }) => {
    expect(await readPicture(given)).toBeUndefined()
    expect(close).toHaveBeenCalledOnce()
  })
})
