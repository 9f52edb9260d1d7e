import { describe, expect, it } from 'vitest'
import { actionButton } from './forms.ts'
import { sessionWords } from './session-words.ts'
import { shownChat } from './shown-chat.ts'
import { ago, duration } from './times.ts'

describe('a span of time', () => {
  it.each([
    [0, 'less than a minute'],
    [59.9, 'less than a minute'],
    [60, '1 minute'],
    [3_599, '59 minutes'],
    [7_200, '2 hours'],
    [86_400, '1 day'],
  ])('of %d s is %s', (seconds, said) => {
    expect(duration(seconds)).toBe(said)
  })

  it('ends now, also by a clock that is a little ahead', async () => {
    expect(String(await ago(1_000, 0))).toContain('>just now<')
    expect(String(await ago(0, 61_000))).toContain('>1 minute ago<')
  })
})

describe('a chat', () => {
  it.each([
    ['pn:15550001111', 'number …1111'],
    ['lid:189975000000001', 'hidden number …0001'],
    ['group:120363000000000001', 'group …0001'],
    ['conversation 9', 'conversation 9'],
    ['conversation:12345678', 'conversation 12345678'],
    ['waiting:9', 'conversation 9 (waiting)'],
    ['profile:pn:15550001111', 'number …1111 (profile)'],
    ['not-shown:lid:189975000000001', 'hidden number …0001 (not-shown)'],
    ['read:group:120363000000000001', 'group …0001 (read)'],
    ['pn:15550001111@c.us', 'number …1111'],
    ['newsletter 120363000000000001', 'newsletter …0001'],
    ['content:3EB0C767D097', 'content:3EB0C767D097'],
  ])('%s is shown as %s', (chat, shown) => {
    expect(shownChat(chat)).toBe(shown)
  })
})

describe('a state of a session', () => {
  it('nobody has documented is told as such', () => {
    expect(sessionWords('unknown:odd')).toMatchObject({ tone: 'bad', label: 'Unknown state' })
  })
})

describe('a button', () => {
  it('escapes what it carries and leaves out what is not given', async () => {
    const fields = { back: '"><script>', account: undefined }
    const form = String(await actionButton({ path: '/x', label: '<b>', fields }, 'token'))
    expect(form).toContain('name="back" value="&quot;&gt;&lt;script&gt;"')
    expect(form).toContain('name="csrf" value="token"')
    expect(form).not.toMatch(/name="account"|<b>/)
  })
})
