import fc from 'fast-check'
import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { describe, expect, it } from 'vitest'
import { asId, type KeyId } from '../../../kernel/ids.ts'
import { textsOf } from '../../locale/index.ts'
import type { CanonicalMessage, Content } from '../canonical.ts'
import { converters, convertMessage } from './convert.ts'
import { type DraftContext, draftFor } from './draft.ts'

const texts = textsOf('en')
const TARGET = asId<KeyId>('3EB0F00DF00DF00DF00D01')
const draft = (content: Content, more: Partial<DraftContext & CanonicalMessage> = {}) => {
  const { author, fromMe, nameOf, ...around } = more
  return draftFor({ content, ...around }, { texts, author, fromMe, nameOf })
}
const contentOf = (content: Content, more: Partial<DraftContext & CanonicalMessage> = {}) =>
  draft(content, more).content

const media = {
  kind: 'image',
  node: 'imageMessage',
  raw: {},
  mimetype: 'image/jpeg',
  fileName: 'image.jpg',
} as const
const names: Readonly<Record<string, string>> = {
  '15550001111@s.whatsapp.net': 'Maria *Example*',
  '189975000000001@lid': 'John',
}
const nameOf = (jid: string) => names[jid]
const JOHN = '189975000000001@lid'

describe('texts longer than WhatsApp takes', () => {
  it.each(['*', '\\', 'word ', '> a\n- b\n', '😀'])('%j goes along whole, as a file', (atom) => {
    const text = atom.repeat(Math.ceil(200_000 / atom.length))
    const { content, files } = draft({ kind: 'text', text }, { author: 'A'.repeat(9_999) })
    expect(content.length).toBeLessThan(150_000)
    expect(content).toMatch(/…\s+The text goes on: all of it is in the file\.$/)
    expect(content.isWellFormed()).toBe(true)
    const whole = { from: 'text', fileName: 'message.txt', contentType: 'text/plain', text }
    expect(files).toEqual([whole])
  })

  it('puts more cards than Chatwoot takes files into one', () => {
    const cards = Array.from({ length: 40 }, (_, index) => ({
      name: `P${index}`,
      numbers: [],
      vcard: `BEGIN:VCARD\nFN:P${index}\nEND:VCARD\n`,
    }))
    const { files } = draft({ kind: 'contacts', cards })
    expect(files).toHaveLength(1)
    const [file] = files
    expect(file).toMatchObject({ fileName: 'P0 + 39.vcf' })
    expect(file?.from === 'text' && file.text.match(/BEGIN:VCARD/g)).toHaveLength(40)
  })
})

/** What Markdown, with everything on that a dashboard may have on, makes of a text. */
function nodesIn(markdown: string): Nodes[] {
  const all = (node: Nodes): Nodes[] => [
    node,
    ...('children' in node ? (node.children as Nodes[]).flatMap(all) : []),
  ]
  return all(fromMarkdown(markdown))
}

describe('whatever people call things', () => {
  const evil = fc
    .array(
      fc.constantFrom(
        ...['![](http://t.example/p.png?a=1)', '[bank.example](http://e.example)', '<img src=x>'],
        ...['![', '](', '[', ']', '(', ')', '<', '>', '\\', '`', '*', '_', '~', '!', '&#33;', '|'],
        ...[
          'https://a.example/',
          'http://u@b.example',
          'javascript:x',
          '\n',
          '\n\n',
          '    ',
          'a',
          '#',
        ],
        ...[
          '[x]: http://e.example',
          '\u202e',
          '\0',
          '@12025550143',
          '{{',
          '- ',
          '<http://e.example>',
        ],
      ),
      { maxLength: 7 },
    )
    .map((parts) => parts.join(''))
  const kinds: readonly ((words: string) => Content)[] = [
    (text) => ({ kind: 'text', text }),
    (text) => ({ kind: 'media', media, text }),
    (name) => ({ kind: 'location', latitude: 1, longitude: 2, live: false, name, address: name }),
    (url) => ({ kind: 'location', latitude: 1, longitude: 2, live: true, url, text: url }),
    (url) => ({
      kind: 'location',
      latitude: 1,
      longitude: 2,
      live: false,
      url: `https://s.example/${url}`,
    }),
    (name) => ({ kind: 'contacts', cards: [{ name, numbers: [name, 'x'], vcard: '' }] }),
    (text) => ({ kind: 'poll', text, options: [text, text], multiple: true }),
    (name) => ({ kind: 'poll-result', target: TARGET, text: name, options: [{ name, votes: 1 }] }),
    (text) => ({ kind: 'choice', text }),
    (text) => ({ kind: 'reaction', target: TARGET, text }),
    (text) => ({ kind: 'edit', target: TARGET, text }),
    (name) => ({ kind: 'system', what: 'group-subject', names: [name], text: name }),
    (what) => ({ kind: 'unsupported', what, text: what }),
  ]

  it('it holds no picture, no HTML, and no link that reads like another one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), evil, evil, (contentWith, words, ad) => {
        const { content, notes } = draft(contentWith(words), {
          author: words,
          mentions: ['12025550143@s.whatsapp.net'],
          nameOf: () => words,
          ad: { title: ad, body: ad, url: `https://f.example/${ad}`, sourceId: ad, clickId: ad },
        })
        for (const markdown of [content, ...notes]) {
          for (const node of nodesIn(markdown)) {
            expect([
              'image',
              'imageReference',
              'html',
              'linkReference',
              'definition',
            ]).not.toContain(node.type)
            if (node.type !== 'link') continue
            const label = node.children
              .map((child) => ('value' in child ? child.value : ''))
              .join('')
            expect([label, `mailto:${label}`]).toContain(node.url)
          }
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('texts', () => {
  it('turns WhatsApp’s marks into Markdown and quotes what is answered', () => {
    const text = { kind: 'text', text: 'Yes, *that* one' } as const
    expect(draft(text, { quotes: TARGET })).toEqual({
      content: 'Yes, **that** one',
      quotes: TARGET,
      files: [],
      notes: [],
    })
  })

  it('puts the author first and small print next', () => {
    const text = { kind: 'text', text: 'Hello' } as const
    expect(contentOf(text, { author: '_Maria_ 1', forwarded: true, viewOnce: true })).toBe(
      '**\\_Maria\\_ 1**\n*Forwarded, View once*\nHello',
    )
  })

  it('names who is mentioned, and leaves digits that nobody knows', () => {
    const text = 'Hi @15550001111, @189975000000001 and @15550009999, not 15550001111 @155500011119'
    const mentions = [
      '15550001111@s.whatsapp.net',
      '189975000000001@lid',
      '15550009999@s.whatsapp.net',
    ]
    expect(contentOf({ kind: 'text', text }, { mentions, nameOf })).toBe(
      'Hi @Maria \\*Example\\*, @John and @15550009999, not 15550001111 @155500011119',
    )
  })

  it('never reads a name as a pattern', () => {
    const odd = { kind: 'text', text: 'Hi @1555' } as const
    const nobody = { mentions: ['1555.*@lid', 'x', ''], nameOf: () => '$& $1' }
    expect(contentOf(odd, nobody)).toBe('Hi @1555')
    expect(contentOf(odd, { ...nobody, mentions: ['1555@lid'] })).toBe('Hi @$& $1')
  })

  it('shows what was chosen', () => {
    expect(contentOf({ kind: 'choice', text: 'Plan A' })).toBe('Plan A')
  })
})

describe('files', () => {
  it('come with their caption', () => {
    expect(draft({ kind: 'media', media, text: 'In _stock_?' })).toMatchObject({
      content: 'In *stock*?',
      files: [{ from: 'whatsapp', media }],
    })
  })

  it('need no words', () => {
    expect(contentOf({ kind: 'media', media })).toBe('')
    expect(contentOf({ kind: 'media', media }, { author: 'Maria' })).toBe('**Maria**')
  })
})

describe('contact cards', () => {
  it('are shown by name and number, with a file each', () => {
    const vcard = 'BEGIN:VCARD\nFN:John Example\nEND:VCARD'
    const cards = [
      { name: 'John Example', numbers: ['+15550003333', '+49 30 1234'], vcard },
      { name: 'J. R. / Ann', numbers: [], vcard },
      { name: '+15550004444', numbers: ['+15550004444'], vcard: '' },
    ]
    const file = { from: 'text', contentType: 'text/vcard', text: vcard }
    expect(draft({ kind: 'contacts', cards })).toMatchObject({
      content: '**John Example**: +15550003333, +49 30 1234\n**J. R. / Ann**\n**+15550004444**',
      files: [
        { ...file, fileName: 'John Example.vcf' },
        { ...file, fileName: 'J. R. - Ann.vcf' },
      ],
    })
  })
})

describe('places', () => {
  const place = { kind: 'location', latitude: -23.55052, longitude: -46.633308 } as const

  it('come with a map link', () => {
    const named = { ...place, live: false, name: 'Example Plaza', address: '1 Example\nStreet' }
    expect(contentOf({ ...named, url: 'https://example.com/plaza' })).toBe(
      '**Example Plaza**\n1 Example Street\nhttps://maps.google.com/?q=-23.55052,-46.633308\nhttps://example.com/plaza',
    )
  })

  it('say that they move', () => {
    expect(contentOf({ ...place, live: true, text: 'On my way' })).toBe(
      `**Live location**\nhttps://maps.google.com/?q=-23.55052,-46.633308\n*${texts.inbound.location.liveNote}*\nOn my way`,
    )
  })

  it('are written without exponents, and lead nowhere else', () => {
    const odd = { ...place, live: false, latitude: 1e-7, longitude: -1e-7, url: 'javascript:1' }
    expect(contentOf(odd)).toBe('**Location**\nhttps://maps.google.com/?q=0,0')
  })
})

describe('polls', () => {
  it('show question and options', () => {
    const poll = { kind: 'poll', text: 'Which day?', options: ['Monday', '*Tue*'] } as const
    expect(contentOf({ ...poll, options: [...poll.options], multiple: false })).toBe(
      '**Which day?**\n*Poll, one answer*\n- Monday\n- \\*Tue\\*',
    )
  })

  it('show votes, quoting the poll', () => {
    const options = [
      { name: 'Pizza', votes: 1 },
      { name: 'Hamburger', votes: 0 },
    ]
    expect(draft({ kind: 'poll-result', target: TARGET, options })).toMatchObject({
      content: '*Votes so far*\n- Pizza: 1\n- Hamburger: 0',
      quotes: TARGET,
    })
  })
})

describe('what happens to a message', () => {
  it.each<[string, Content, Partial<DraftContext>]>([
    ['Reacted with 👍', { kind: 'reaction', target: TARGET, text: '👍' }, {}],
    ['Removed the reaction', { kind: 'reaction', target: TARGET, text: '' }, {}],
    [
      '*Edited*\nCorrected **text**',
      { kind: 'edit', target: TARGET, text: 'Corrected *text*' },
      {},
    ],
    ['*Edited*\nThe text was removed.', { kind: 'edit', target: TARGET, text: ' ' }, {}],
    ['This message was deleted by the customer.', { kind: 'revoke', target: TARGET }, {}],
    [
      'This message was deleted on the phone.',
      { kind: 'revoke', target: TARGET },
      { fromMe: true },
    ],
    [
      '**Maria**\nReacted with 👍',
      { kind: 'reaction', target: TARGET, text: '👍' },
      { author: 'Maria' },
    ],
  ])('reads “%s” and quotes it', (words, content, context) => {
    expect(draft(content, context)).toMatchObject({ content: words, quotes: TARGET })
  })
})

describe('calls', () => {
  it.each([
    ['Incoming voice call', 'offer', false, false],
    ['Incoming video call', 'ringing', true, false],
    ['Missed voice call', 'timeout', false, false],
    ['Missed group video call', 'timeout', true, true],
    ['Declined voice call', 'reject', false, false],
    ['Answered video call', 'accept', true, false],
  ])('reads “%s”', (words, status, video, group) => {
    expect(contentOf({ kind: 'call', status, video, group })).toBe(words)
  })
})

describe('what nobody wrote', () => {
  it.each<[string, Content]>([
    [
      'Joined the group: Maria \\*Example\\*, +15550009999',
      {
        kind: 'system',
        what: 'group-add',
        names: ['15550001111@s.whatsapp.net', '15550009999@s.whatsapp.net'],
      },
    ],
    [
      'Left the group: John',
      { kind: 'system', what: 'group-leave', names: ['189975000000001@lid'] },
    ],
    [
      'Is no longer in the group: an unknown person',
      { kind: 'system', what: 'group-remove', names: ['189975000000777@lid'] },
    ],
    [
      'The group is now called “15550001111”.',
      { kind: 'system', what: 'group-subject', names: ['15550001111'] },
    ],
    [
      'The description of the group was changed.\n**New** rules',
      { kind: 'system', what: 'group-description', names: [], text: '*New* rules' },
    ],
    [
      'Only admins of the group can write now. Everyone in the group can change it now.',
      { kind: 'system', what: 'group-settings', names: ['announce-on', 'restrict-off'] },
    ],
    [
      'Only admins can add members now. Admins decide now who may join the group.',
      { kind: 'system', what: 'group-settings', names: ['memberAdd-off', 'joinApproval-on'] },
    ],
    [
      'A member’s label in the group is now “\\*Boss\\* 15550001111”.',
      { kind: 'system', what: 'member-label', names: ['*Boss* 15550001111'] },
    ],
    [
      'A member’s label in the group was removed.',
      { kind: 'system', what: 'member-label', names: [''] },
    ],
  ])('reads “%s”', (words, content) => {
    expect(draft(content, { nameOf })).toMatchObject({ content: words, asActivity: true })
  })

  it('says who did it', () => {
    const line = { kind: 'system', what: 'group-subject', names: ['Fair'] } as const
    expect(contentOf({ ...line, names: [...line.names] }, { author: 'Maria' })).toBe(
      'The group is now called “Fair”. (by Maria)',
    )
    const asks: Content = { kind: 'system', what: 'group-request', names: [JOHN] }
    expect(contentOf(asks, { author: 'Maria', nameOf })).toBe(
      'Asks to join the group: John (by Maria)',
    )
  })

  it('says it once when it is about nobody else', () => {
    const left: Content = { kind: 'system', what: 'group-leave', names: [JOHN] }
    expect(contentOf(left, { author: 'John', nameOf })).toBe('Left the group: John')
  })
})

describe('what cannot be carried', () => {
  it.each([
    ['[View-once message: not shown here, look at the phone]', 'view-once', undefined],
    ['[Image: not shown here, look at the phone]', 'imageMessage', undefined],
    ['**Fair**\n\n[Event: not shown here, look at the phone]', 'eventMessage', '*Fair*'],
    [
      '[Unknown kind of message (some__Message): not shown here, look at the phone]',
      'some__Message',
      undefined,
    ],
  ])('is shown as “%s”', (words, what, text) => {
    const content: Content = { kind: 'unsupported', what, ...(text === undefined ? {} : { text }) }
    expect(contentOf(content, { viewOnce: what === 'view-once' })).toBe(words)
  })
})

describe('ads', () => {
  it('are a private note', () => {
    const ad = {
      title: 'Summer *sale*',
      body: 'Chat with us',
      url: 'https://fb.me/EXAMPLE',
      sourceId: '120200000000000000',
      clickId: 'EXAMPLE_CLICK_ID',
    }
    expect(draft({ kind: 'text', text: 'Can I get more info?' }, { ad })).toMatchObject({
      content: 'Can I get more info?',
      notes: [
        'This customer came from an ad:\n**Summer \\*sale\\***\nChat with us\nhttps://fb.me/EXAMPLE\nAd id: 120200000000000000\nClick id (ctwa_clid): `EXAMPLE_CLICK_ID`',
      ],
    })
  })

  it('have ids on one line each, of a length ids have', () => {
    const ad = {
      sourceId: `12\n# 3${'4'.repeat(9_000)}`,
      clickId: `A\`*B*_\n- \u202e${'c'.repeat(9_000)}`,
    }
    const [note = ''] = draft({ kind: 'text', text: 'Hi' }, { ad }).notes
    const [, id = '', click = '', ...rest] = note.split('\n')
    expect(rest).toEqual([])
    expect(id).toMatch(/^Ad id: 12 \\?# 34+…$/)
    expect(click).toMatch(/^Click id \(ctwa_clid\): `A\*B\*_ - c+…`$/)
    expect([id.length < 600, click.length < 600]).toEqual([true, true])
  })
})

describe('whatever is carried', () => {
  const fields = [
    ...['url', 'mediaKey', 'caption', 'degreesLatitude', 'degreesLongitude', 'name', 'options'],
    ...['displayName', 'vcard', 'contacts', 'key', 'type', 'text', 'title', 'selectedDisplayText'],
  ]
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('AAEC', { id: '3EB0' }, [{ optionName: 'A' }], [{ displayName: 'B' }], 12),
  )
  const node = fc.dictionary(fc.constantFrom(...fields), value)
  const type = fc.oneof(fc.constantFrom(...converters.keys()), fc.string())

  it('is something to see', () => {
    fc.assert(
      fc.property(type, node, (type, node) => {
        const converted = convertMessage({ message: { [type]: node } })
        if ('ignore' in converted) return
        const { content } = converted.carry
        // An empty line is shown as what it is: nothing.
        const isBlank = 'text' in content && content.text?.trim() === ''
        const { content: words, files } = draftFor(converted.carry, { texts })
        expect(words !== '' || files.length > 0 || isBlank).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})
