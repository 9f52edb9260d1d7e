import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textsOf } from '../../locale/index.ts'
import type { AgentMessage, PlanContext } from './agent-message.ts'
import { type Said, SPECIAL_CONTENT_TYPES, saidBy } from './special.ts'

const context = (selectAs: 'text' | 'poll' = 'text'): PlanContext => ({
  texts: textsOf('en'),
  options: { agentName: '', selectAs },
})
const message = (
  contentType: string,
  content: string | null,
  attributes: object,
): AgentMessage => ({
  content,
  contentType,
  contentAttributes: { ...attributes },
  messageType: 'outgoing',
  sender: null,
  attachments: [],
})
const choices = (...titles: string[]) => ({
  items: titles.map((title) => ({ title, value: title.toLowerCase() })),
})

describe('saidBy', () => {
  it.each<[string, AgentMessage, Said]>([
    [
      'a choice',
      message('input_select', '**Which** one?', choices('Red', 'Blue')),
      { text: '*Which* one?\n1. Red\n2. Blue', contents: [] },
    ],
    [
      'cards',
      message('cards', 'Our offers', {
        items: [
          {
            title: 'Chair',
            description: 'Very soft',
            media_url: 'https://shop.example.com/chair.jpg?w=200',
            actions: [
              { type: 'link', text: 'Buy', uri: 'https://shop.example.com/chair' },
              { type: 'postback', text: 'Tell me more', payload: 'more' },
            ],
          },
          { title: 'Table', media_url: 'https://shop.example.com/table.webp' },
          {},
        ],
      }),
      {
        text: 'Our offers',
        contents: [
          {
            kind: 'image',
            url: 'https://shop.example.com/chair.jpg?w=200',
            caption: '*Chair*\nVery soft\nBuy: https://shop.example.com/chair\n- Tell me more',
          },
          { kind: 'text', text: '*Table*\nhttps://shop.example.com/table.webp' },
        ],
      },
    ],
    [
      'a form',
      message('form', 'Please help us', {
        items: [
          { type: 'email', name: 'email', label: 'Your e-mail', placeholder: 'you@example.com' },
          { type: 'select', name: 'size', options: [{ label: 'S' }, { label: 'L', value: 'l' }] },
        ],
      }),
      { text: 'Please help us\nPlease answer:\n1. Your e-mail\n2. size (S, L)', contents: [] },
    ],
    [
      'articles',
      message('article', 'Read this', {
        items: [
          { title: 'Returns', description: 'How it works', link: 'https://help.example.com/r' },
          { title: 'Prices', link: 'https://help.example.com/p' },
        ],
      }),
      {
        text: 'Read this\n\n*Returns*\nHow it works\nhttps://help.example.com/r\n\n*Prices*\nhttps://help.example.com/p',
        contents: [],
      },
    ],
    [
      'a video call',
      message('integrations', 'Ana has started a meeting', {
        type: 'dyte',
        data: { meeting_id: 'm', url: 'https://meet.example.com/m' },
      }),
      { text: 'Ana has started a meeting\nhttps://meet.example.com/m', contents: [] },
    ],
    [
      'a survey',
      message('input_csat', 'Please rate us, https://chat.example.com/survey/responses/x_y_z', {
        display_type: 'emoji',
      }),
      { text: 'Please rate us, https://chat.example.com/survey/responses/x_y_z', contents: [] },
    ],
    [
      'a survey of an older Chatwoot',
      message('input_csat', 'Please rate us', {}),
      { text: 'Please rate us', contents: [] },
    ],
    ['a kind from the future', message('carousel', 'Hi', {}), { text: 'Hi', contents: [] }],
  ])('%s', (_name, given, said) => {
    expect(saidBy(given, context())).toEqual(said)
  })

  it('makes a poll of a choice, by option, where it fits into one', () => {
    const poll = (...titles: string[]) =>
      saidBy(message('input_select', 'Which?', choices(...titles)), context('poll'))
    expect(poll('Red', 'Blue')).toEqual({
      text: '',
      contents: [{ kind: 'poll', question: 'Which?', options: ['Red', 'Blue'] }],
    })
    const many = Array.from({ length: 13 }, (_, index) => `Option ${index}`)
    for (const titles of [['Red'], ['Red', 'Red'], many, ['Red', 'x'.repeat(101)]]) {
      expect(poll(...titles).contents).toEqual([])
      expect(poll(...titles).text).toContain(`1. ${titles[0]}`)
    }
  })

  it('never throws, whatever the attributes hold', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SPECIAL_CONTENT_TYPES, 'text'),
        fc.option(fc.string()),
        fc.jsonValue(),
        fc.constantFrom('text' as const, 'poll' as const),
        (type, content, items, selectAs) => {
          const given = message(type, content, { items, data: items })
          expect(() => saidBy(given, context(selectAs))).not.toThrow()
        },
      ),
    )
  })
})
