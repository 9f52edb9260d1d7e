import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Attachment } from '../../../platforms/chatwoot/shapes/message.ts'
import { textsOf } from '../../locale/index.ts'
import type { AgentMessage, PlanContext } from './agent-message.ts'
import { planMessage } from './plan.ts'

const texts = textsOf('en')
const context = (more: Partial<PlanContext> = {}): PlanContext => ({
  texts,
  options: { agentName: '', selectAs: 'text' },
  ...more,
})
const message = (more: Partial<AgentMessage> = {}): AgentMessage => ({
  content: null,
  contentType: 'text',
  contentAttributes: {},
  messageType: 'outgoing',
  sender: { kind: 'user', id: 6, name: 'Ana Souza', availableName: 'Ana' },
  attachments: [],
  ...more,
})
const file = (id: number, contentType: string): Attachment => ({
  id,
  fileType: 'file',
  contentType,
  dataUrl: `https://chat.example.com/rails/blobs/${id}`,
})
const text = (words: string) => ({ from: 'content', content: { kind: 'text', text: words } })
const named = { options: { agentName: '*{agent}*\n', selectAs: 'text' } } as const

describe('planMessage', () => {
  it('makes WhatsApp text of Markdown, and cleans the line breaks of 4.9 to 4.12', () => {
    expect(planMessage(message({ content: '**Hi**\\\nthere' }), context())).toEqual([
      text('*Hi*\nthere'),
    ])
  })

  it('plans nothing for nothing', () => {
    expect(planMessage(message(), context(named))).toEqual([])
    expect(planMessage(message({ content: ' \n' }), context(named))).toEqual([])
  })

  it('puts the text below the first file that shows one, and files in order', () => {
    const [image, pdf] = [file(7, 'image/png'), file(9, 'application/pdf')]
    const attachments = [pdf, image]
    expect(planMessage(message({ content: 'Look', attachments }), context())).toEqual([
      { from: 'file', attachment: image, caption: 'Look' },
      { from: 'file', attachment: pdf },
    ])
    expect(planMessage(message({ attachments }), context())).toEqual([
      { from: 'file', attachment: image },
      { from: 'file', attachment: pdf },
    ])
  })

  it.each([
    ['a voice note', 'audio/ogg'],
    ['a contact card', 'text/vcard'],
  ])('sends the text first where %s comes first', (_what, type) => {
    const attachments = [file(1, type), file(2, 'image/png')]
    expect(planMessage(message({ content: 'Look', attachments }), context())).toEqual([
      text('Look'),
      ...attachments.map((attachment) => ({ from: 'file', attachment })),
    ])
  })

  it('splits what is too long, and never as a caption', () => {
    const long = 'word '.repeat(1000).trim()
    const attachments = [file(1, 'image/png')]
    const parts = planMessage(message({ content: long, attachments }), context())
    expect(parts).toHaveLength(3)
    expect(parts.at(-1)).toEqual({ from: 'file', attachment: attachments[0] })
    const words = parts.flatMap((part) =>
      part.from === 'content' && part.content.kind === 'text' ? [part.content.text] : [],
    )
    expect(words.join(' ')).toBe(long)
  })

  it.each<[string, Partial<AgentMessage>, string]>([
    ['an agent by the public name', {}, '*Ana*\nHi'],
    [
      'an agent without a public name',
      { sender: { kind: 'user', id: 6, name: 'Ana' } },
      '*Ana*\nHi',
    ],
    ['a bot', { sender: { kind: 'bot', id: 1, name: 'Bot' } }, 'Hi'],
    ['an automation', { sender: null }, 'Hi'],
    ['an automation that names an agent', { contentAttributes: { automation_rule_id: 3 } }, 'Hi'],
    ['a greeting', { messageType: 'template', sender: null }, 'Hi'],
  ])('names %s', (_who, more, expected) => {
    expect(planMessage(message({ content: 'Hi', ...more }), context(named))).toEqual([
      text(expected),
    ])
  })

  it('quotes in words where WhatsApp cannot be pointed at the message', () => {
    const quote = { text: '**When** do you open?\n\nToday?', author: 'Maria' }
    expect(planMessage(message({ content: 'At nine' }), context({ quote, ...named }))).toEqual([
      text('*Ana*\n> *Maria*\n> *When* do you open?\n> Today?\nAt nine'),
    ])
    const attachments = [file(1, 'image/png')]
    expect(planMessage(message({ attachments }), context({ quote: { text: 'Hm' } }))).toEqual([
      { from: 'file', attachment: attachments[0], caption: '> Hm' },
    ])
  })

  it('shortens what it quotes between whole characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), (words) => {
        const [part] = planMessage(message({ content: 'x' }), context({ quote: { text: words } }))
        expect(part?.from).toBe('content')
        const sent =
          part?.from === 'content' && part.content.kind === 'text' ? part.content.text : ''
        const lines = sent.split('\n')
        expect(lines.at(-1)).toBe('x')
        expect(lines.length).toBeLessThanOrEqual(6)
        expect(lines.slice(0, -1).every((line) => line.startsWith('> '))).toBe(true)
        expect(sent.isWellFormed()).toBe(words.isWellFormed())
      }),
    )
  })

  it('shows places and cards that have no file', () => {
    const attachments: Attachment[] = [
      { id: 1, fileType: 'location', latitude: 52.5, longitude: 13.4, fallbackTitle: 'Office' },
      { id: 2, fileType: 'contact', fallbackTitle: '+1 555 000 1111' },
      { id: 3, fileType: 'fallback', fallbackTitle: 'A link' },
      { id: 4, fileType: 'embed' },
    ]
    expect(planMessage(message({ attachments }), context())).toEqual([
      {
        from: 'content',
        content: { kind: 'location', latitude: 52.5, longitude: 13.4, name: 'Office' },
      },
      {
        from: 'content',
        content: { kind: 'contact', name: '+1 555 000 1111', phone: '+15550001111' },
      },
      text('A link'),
    ])
  })

  it('gives the same parts for the same message in whatever order Chatwoot lists its files', () => {
    const types = fc.constantFrom('image/png', 'audio/ogg', 'application/pdf', 'text/vcard')
    fc.assert(
      fc.property(
        fc.array(types, { minLength: 1, maxLength: 6 }),
        fc.infiniteStream(fc.nat()),
        (all, random) => {
          const attachments = all.map((type, id) => file(id + 1, type))
          const shuffled = attachments
            .map((attachment) => ({ attachment, by: random.next().value as number }))
            .sort((a, b) => a.by - b.by)
            .map(({ attachment }) => attachment)
          const plan = (files: Attachment[]) =>
            planMessage(message({ content: 'x', attachments: files }), context())
          expect(plan(shuffled)).toEqual(plan(attachments))
        },
      ),
    )
  })
})
