import { describe, expect, it } from 'vitest'
import { storageUrl } from './stored-file.ts'

const PATH = '/rails/active_storage/blobs/redirect/x--y/a%20b.png?disposition=inline'

describe('storageUrl', () => {
  it.each([
    [
      `https://chat.example.com${PATH}`,
      'https://chat.example.com',
      `https://chat.example.com${PATH}`,
    ],
    [`http://0.0.0.0:3000${PATH}`, 'https://chat.example.com/', `https://chat.example.com${PATH}`],
    [`https://chat.example.com${PATH}`, 'http://chatwoot:3000', `http://chatwoot:3000${PATH}`],
    // Not a second slash that would make the path a host.
    [
      'https://a.example//evil.example/rails/active_storage/x',
      'https://chat.example.com',
      'https://chat.example.com//evil.example/rails/active_storage/x',
    ],
    ['https://bucket.example/a.png', 'https://chat.example.com', 'https://bucket.example/a.png'],
    ['no address', 'https://chat.example.com', 'no address'],
  ])('%s, asked at %s', (dataUrl, base, expected) => {
    expect(storageUrl(dataUrl, base)).toBe(expected)
  })
})
