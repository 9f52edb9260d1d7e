import { describe, expect, it } from 'vitest'
import { fingerprint } from '../../content/message/fingerprint.ts'
import { echoOf } from '../../content/message/outbound/echo.ts'
import { type OutgoingContent, sendBody } from './outgoing-message.ts'
import { loggedContent } from './session-logs.ts'

const CONTENTS: OutgoingContent[] = [
  { kind: 'text', text: 'Hello' },
  { kind: 'image', url: 'https://example.com/a.png', caption: 'A' },
  { kind: 'image', url: 'https://example.com/a.png' },
  { kind: 'video', url: 'https://example.com/a.mp4', caption: 'B' },
  { kind: 'document', url: 'https://example.com/a.pdf', fileName: 'a.pdf', caption: 'C' },
  { kind: 'audio', url: 'https://example.com/a.ogg' },
  { kind: 'sticker', url: 'https://example.com/a.webp' },
  { kind: 'contact', name: 'Support', phone: '+15550001111' },
  { kind: 'location', latitude: 52.52, longitude: 13.4, name: 'Here' },
  { kind: 'poll', question: 'Which?', options: ['A', 'B'], multiSelect: true },
]

describe('loggedContent', () => {
  it.each(CONTENTS)('reads what was sent, as far as its echo shows it ($kind)', (content) => {
    const { to: _to, ...logged } = sendBody({ to: '+15550001111', ...content })
    const read = loggedContent({ ...logged, somethingNew: { nested: true } })
    expect(read && fingerprint(echoOf(read))).toBe(fingerprint(echoOf(content)))
  })

  it.each([undefined, null, 'plain text', 5, [], {}, { imageUrl: 5 }, { poll: { question: 'x' } }])(
    'is nothing for what says nothing (%j)',
    (content) => {
      expect(loggedContent(content)).toBeUndefined()
    },
  )
})
