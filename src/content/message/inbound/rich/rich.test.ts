import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textsOf } from '../../../locale/index.ts'
import { convertMessage } from '../convert.ts'
import { draftFor } from '../draft.ts'
import { encrypted } from '../fixtures.ts'

const draftOf = (message: Record<string, unknown>, messageBody = '') => {
  const converted = convertMessage({ message, messageBody })
  if ('ignore' in converted) throw new Error(`ignored: ${converted.ignore}`)
  return draftFor(converted.carry, { texts: textsOf('en') })
}
const wordsOf = (message: Record<string, unknown>, body?: string) => draftOf(message, body).content
const params = (name: string, value: unknown) => ({
  name,
  buttonParamsJson: JSON.stringify(value),
})

const BUTTONS = [
  { urlButton: { displayText: 'Open invoice', url: 'https://pay.example.com/i/8842?ref=a_b' } },
  { callButton: { displayText: 'Call us', phoneNumber: '+12025550109' } },
  { quickReplyButton: { displayText: 'Paid already', id: 'paid' } },
]
const NATIVE = [
  params('cta_url', { display_text: 'Pay now', url: 'https://bank.example.com/p/1' }),
  params('cta_call', { display_text: 'Call', phone_number: '+12025550110' }),
  params('cta_copy', { display_text: 'Copy code', copy_code: '34191.79001' }),
  params('quick_reply', { display_text: 'Help', id: 'h' }),
]
const ROWS = [{ title: 'Sales', description: 'New orders', rowId: '1' }, { title: 'Support' }]
const image = { imageMessage: { ...encrypted, mimetype: 'image/jpeg' } }

describe('messages of businesses', () => {
  it.each([
    [
      'templateMessage',
      {
        hydratedTemplate: {
          hydratedTitleText: 'Your invoice',
          hydratedContentText: 'Due: *30 April*',
          hydratedFooterText: 'Example Insurance',
          hydratedButtons: BUTTONS,
        },
      },
      '*Message with buttons*\n**Your invoice**\nDue: **30 April**\n- Open invoice: https://pay.example.com/i/8842?ref=a_b\n- Call us: +12025550109\n- Paid already\n*Example Insurance*',
    ],
    [
      'templateMessage',
      {
        hydratedFourRowTemplate: {
          hydratedContentText: 'It left',
          hydratedButtons: BUTTONS.slice(0, 1),
        },
      },
      '*Message with buttons*\nIt left\n- Open invoice: https://pay.example.com/i/8842?ref=a_b',
    ],
    [
      'templateMessage',
      {
        interactiveMessageTemplate: {
          body: { text: 'Code' },
          nativeFlowMessage: { buttons: NATIVE.slice(2, 3) },
        },
      },
      '*Message with buttons*\nCode\n- Copy code: 34191.79001',
    ],
    [
      'highlyStructuredMessage',
      { namespace: 'n', hydratedHsm: { hydratedTemplate: { hydratedContentText: 'Code 99' } } },
      '*Message with buttons*\nCode 99',
    ],
    [
      'interactiveMessage',
      {
        header: { title: 'Slip', hasMediaAttachment: false },
        body: { text: 'Here it is' },
        footer: { text: 'Bank' },
        nativeFlowMessage: { buttons: NATIVE },
      },
      '*Message with buttons*\n**Slip**\nHere it is\n- Pay now: https://bank.example.com/p/1\n- Call: +12025550110\n- Copy code: 34191.79001\n- Help\n*Bank*',
    ],
    [
      'interactiveMessage',
      {
        body: { text: 'Offers' },
        carouselMessage: {
          cards: [
            {
              header: { title: 'Shoes' },
              body: { text: 'Red' },
              nativeFlowMessage: { buttons: NATIVE.slice(0, 1) },
            },
            { header: { title: 'Hat' } },
          ],
        },
      },
      '*Message with buttons*\nOffers\n*1/2*\n**Shoes**\nRed\n- Pay now: https://bank.example.com/p/1\n*2/2*\n**Hat**',
    ],
    [
      'listMessage',
      {
        title: 'Menu',
        description: 'Choose',
        buttonText: 'Open',
        footerText: 'Shop',
        sections: [{ title: 'Dept', rows: ROWS }],
      },
      '*Message with a list*\n**Menu**\nChoose\n**Dept**\n- Sales: New orders\n- Support\n*Shop*',
    ],
    [
      'interactiveMessage',
      {
        body: { text: 'Choose' },
        nativeFlowMessage: {
          buttons: [
            params('single_select', { title: 'Open', sections: [{ title: 'Dept', rows: ROWS }] }),
          ],
        },
      },
      '*Message with buttons*\nChoose\n- Open\n**Dept**\n- Sales: New orders\n- Support',
    ],
    [
      'buttonsMessage',
      {
        contentText: 'Confirm?',
        footerText: 'Clinic',
        buttons: [{ buttonId: 'y', buttonText: { displayText: 'Yes' }, type: 1 }],
      },
      '*Message with buttons*\nConfirm?\n- Yes\n*Clinic*',
    ],
    [
      'interactiveMessage',
      {
        nativeFlowMessage: {
          buttons: [
            params('payment_info', {
              currency: 'BRL',
              total_amount: { value: 1050, offset: 100 },
              reference_id: 'R-77',
              order: {
                items: [{ name: 'Lamp', quantity: 2, amount: { value: 525, offset: 100 } }],
              },
              payment_settings: [
                {
                  type: 'pix_static_code',
                  pix_static_code: {
                    merchant_name: 'Example Shop',
                    key: 'shop@example.com',
                    key_type: 'EMAIL',
                  },
                },
              ],
            }),
          ],
        },
      },
      '*Message with buttons*\nOrder number: R-77\n- 2 × Lamp: 5.25 BRL\nTotal: 10.50 BRL\n- Example Shop: shop@example.com',
    ],
  ])('are read: %s %#', (type, node, words) => {
    expect(wordsOf({ [type]: node })).toBe(words)
  })

  it('keep their texts when the parameters of a button are cut off', () => {
    const buttons = [{ name: 'cta_url', buttonParamsJson: '{"display_text":"Pay' }]
    const node = { body: { text: 'Pay here' }, nativeFlowMessage: { buttons } }
    expect(wordsOf({ interactiveMessage: node })).toContain('Pay here\n- cta_url')
  })

  it('bring the file of a header along, in every spelling', () => {
    for (const node of [
      { templateMessage: { hydratedTemplate: { ...image, hydratedContentText: 'Look' } } },
      { buttonsMessage: { ...image, contentText: 'Look' } },
      { interactiveMessage: { header: image, body: { text: 'Look' } } },
      {
        interactiveMessage: {
          body: { text: 'Look' },
          carouselMessage: { cards: [{ header: image }] },
        },
      },
      {
        interactiveMessage: {
          header: {
            productMessage: { product: { title: 'Look', productImage: image.imageMessage } },
          },
        },
      },
    ]) {
      const { content, files } = draftOf(node)
      expect(content).toContain('Look')
      expect(files).toMatchObject([{ from: 'whatsapp', media: { kind: 'image' } }])
    }
  })

  it('name a file that is withheld, and show a place', () => {
    const header = {
      documentMessage: { fileName: 'a.pdf' },
      locationMessage: { degreesLatitude: 1, degreesLongitude: 2, name: 'Shop' },
    }
    const words = wordsOf({ interactiveMessage: { header, body: { text: 'x' } } })
    expect(words).toContain('[Document: not shown here, look at the phone]')
    expect(words).toContain('**Shop**\nhttps://maps.google.com/?q=1,2')
  })

  it('quote what they answer, also in envelopes and templates', () => {
    const contextInfo = { stanzaId: '3EB0F00D' }
    const inner = { interactiveMessageTemplate: { body: { text: 'Yes' }, contextInfo } }
    const message = {
      ephemeralMessage: { message: { viewOnceMessage: { message: { templateMessage: inner } } } },
    }
    expect(draftOf(message)).toMatchObject({
      content: '*Message with buttons*\nYes',
      quotes: '3EB0F00D',
    })
  })
})

describe('events', () => {
  it.each([
    [
      'eventMessage',
      {
        name: 'Fitting',
        startTime: '1790000000',
        endTime: 1_790_003_600,
        location: { name: 'Shop' },
        description: 'Bring *shoes*',
        joinLink: 'https://call.whatsapp.com/voice/abc',
      },
      '*Event*\n**Fitting**\nStarts: Monday, 21 September 2026 at 14:13 UTC\nEnds: Monday, 21 September 2026 at 15:13 UTC\nShop\nBring **shoes**\n- https://call.whatsapp.com/voice/abc',
    ],
    [
      'eventMessage',
      { name: 'Fitting', isCanceled: true, startTime: { low: 1_790_000_000, high: 0 } },
      '*Cancelled event*\n**Fitting**\nStarts: Monday, 21 September 2026 at 14:13 UTC',
    ],
    [
      'scheduledCallCreationMessage',
      { scheduledTimestampMs: '1790000000000', callType: 2, title: 'Offer' },
      '*Scheduled call*\n**Offer**\nStarts: Monday, 21 September 2026 at 14:13 UTC',
    ],
    [
      'eventInviteMessage',
      { eventTitle: 'Opening', caption: 'Come!' },
      '*Invitation to an event*\n**Opening**\nCome!',
    ],
    [
      'scheduledCallEditMessage',
      { key: { id: 'C1' }, editType: 'CANCEL' },
      '*The scheduled call was cancelled*',
    ],
    ['eventMessage', { name: 'Fitting', startTime: 'soon' }, '*Event*\n**Fitting**'],
  ])('are told with their time: %s %#', (type, node, words) => {
    expect(wordsOf({ [type]: node })).toBe(words)
  })
})

describe('orders and products', () => {
  const order = {
    orderTitle: 'Shop',
    itemCount: 3,
    orderId: '77',
    token: 'AR6x==',
    message: 'On Friday',
  }
  it.each([
    [
      { ...order, totalAmount1000: { low: 45_990, high: 0 }, totalCurrencyCode: 'BRL' },
      '*Order*\n**Shop**\nOn Friday\nArticles: 3\nTotal: 45.99 BRL\nOrder number: 77',
    ],
    [
      { ...order, totalAmount1000: '0', totalCurrencyCode: 'USD' },
      '*Order*\n**Shop**\nOn Friday\nArticles: 3\nOrder number: 77',
    ],
    [
      { orderId: '78', totalAmount1000: '1500000', totalCurrencyCode: 'JPY' },
      '*Order*\nTotal: 1500 JPY\nOrder number: 78',
    ],
    [{ itemCount: 0, orderId: '79' }, '*Order*\nOrder number: 79'],
  ])('say what is there and nothing else: %#', (node, words) => {
    expect(wordsOf({ orderMessage: node })).toBe(words)
  })

  it('show a product with its price and picture', () => {
    const product = {
      title: 'Chair',
      priceAmount1000: '99990',
      currencyCode: 'USD',
      url: 'https://wa.me/p/5/1',
      productImage: image.imageMessage,
    }
    const { content, files } = draftOf({ productMessage: { product } })
    expect(content).toBe('*Product*\n**Chair**\n99.99 USD\n- https://wa.me/p/5/1')
    expect(files).toHaveLength(1)
  })
})

describe('other cards', () => {
  it.each([
    [
      'groupInviteMessage',
      { groupName: 'Fair', inviteCode: 'AbC123', caption: 'Join us' },
      '*Group invitation*\nFair\nJoin us\nhttps://chat.whatsapp.com/AbC123',
    ],
    [
      'pollResultSnapshotMessageV3',
      { name: 'Lunch', pollVotes: [{ optionName: 'Soup', optionVoteCount: 2 }] },
      '*Poll result*\nLunch\n- Soup: 2',
    ],
    [
      'statusQuestionAnswerMessage',
      { key: { id: 'ST1' }, text: 'The blue one' },
      '*Answer to a question in a story*\nThe blue one',
    ],
    [
      'richResponseMessage',
      { messageType: 1, submessages: [{ messageType: 2, messageText: 'Sunny' }] },
      '*Answer of an AI*\nSunny',
    ],
    [
      'pollAddOptionMessage',
      { pollCreationMessageKey: { id: 'x' }, addOption: { optionName: 'Wed' } },
      '*New option in a poll*\nWed',
    ],
  ])('are read: %s', (type, node, words) => {
    expect(wordsOf({ [type]: node })).toBe(words)
  })

  it('quote the question they answer', () => {
    const answer = { questionResponseMessage: { key: { id: 'Q1' }, text: 'Size 43' } }
    expect(draftOf(answer)).toMatchObject({ content: 'Size 43', quotes: 'Q1' })
  })
})

describe('a kind nobody knows', () => {
  it('shows the texts and files in it, below names that are no words', () => {
    const node = {
      serviceId: 'abc def',
      jid: '12025550143@s.whatsapp.net',
      messageSecret: 'not for people',
      thumbnailDirectPath: '/v/t62 x',
      mediaUrl: 'https://mmg.whatsapp.net/v/x.enc',
      type: 'SCHEDULED',
      mimetype: 'image/jpeg',
      blurb: '/9j/4AAQSkZJRgABAQAAAQABAAD2w==',
      digest: '2e5xjUhZJjyiNdhV2UCvX8PxRMbC05ZMV5yLg1yNbw',
      a: { b: [{ headline: 'Closed on *Monday*' }, { c: { detail: 'Ring twice\nthen wait' } }] },
      link: 'https://example.com/more',
      dataJson: '{"hint":"Bring a coat","id":"x y"}',
      attachment: image,
    }
    const { content, files } = draftOf({ brandNewMessage: node })
    expect(content).toBe(
      'Closed on **Monday**\nRing twice\nthen wait\nhttps://example.com/more\nBring a coat\n\n[Unknown kind of message (brandNewMessage): there may be more on the phone]',
    )
    expect(files).toMatchObject([{ media: { kind: 'image' } }])
  })

  it('is read in envelopes nobody knows, and beside fields nobody knows', () => {
    const text = { extendedTextMessage: { text: 'Hello' } }
    expect(wordsOf({ newEnvelope: { message: { another: { message: text } } } })).toBe('Hello')
    expect(wordsOf({ newCompanion: { a: 1 }, ...text })).toBe('Hello')
    expect(wordsOf({ newEnvelope: { content: { inner: text } } })).toContain('Hello')
  })

  it('reads like the version before', () => {
    const poll = { name: 'Which?', options: [{ optionName: 'A' }], selectableOptionsCount: 1 }
    expect(wordsOf({ pollCreationMessageV9: poll })).toBe('**Which?**\n*Poll, one answer*\n- A')
  })

  it('never shows what programs tell each other, however it is nested', () => {
    const technical = fc.constantFrom(
      'mediaKey',
      'fileSha256',
      'stickerId',
      'encPayload',
      'token',
      'jpegThumbnail',
    )
    const text = fc.stringMatching(/^[a-z]{3,8} [a-z]{3,8}$/)
    const nest = (value: unknown, path: readonly string[]) =>
      path.reduce<unknown>((inner, field) => ({ [field]: inner }), value)
    const path = fc.array(fc.constantFrom('a', 'body', 'card', 'items'), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(technical, text, text, path, (field, secret, said, way) => {
        fc.pre(!said.includes(secret) && !secret.includes(said))
        const words = wordsOf({
          newMessage: nest({ [field]: secret, headline: said }, way) as object,
        } as Record<string, unknown>)
        expect(words).toContain(said)
        expect(words).not.toContain(secret)
      }),
    )
  })

  it('is bounded in depth, number and length', () => {
    let deep: unknown = { text: 'too deep' }
    for (let level = 0; level < 5_000; level += 1) deep = { deep }
    expect(wordsOf({ newMessage: deep as object } as Record<string, unknown>)).not.toContain(
      'too deep',
    )
    const many = {
      newMessage: { list: Array.from({ length: 50_000 }, (_, index) => `word ${index}`) },
    }
    expect(wordsOf(many).split('\n').length).toBeLessThan(100)
    expect(wordsOf({ newMessage: { text: 'long '.repeat(100_000) } }).length).toBeLessThan(20_000)
  })

  it('hides no text behind a turn of its direction', () => {
    expect(wordsOf({ newMessage: { text: 'gpj.\u202eexe\u0007 file' } })).toContain('gpj.exe file')
  })
})

describe('a group that is mentioned', () => {
  const group = (jid: string, subject: string) => ({ groupJid: jid, groupSubject: subject })
  it.each([
    [
      'See @120363000000000099@g.us',
      [group('120363000000000099@g.us', 'News *1*')],
      'See @News \\*1\\*',
    ],
    ['@12025550143-1600000000@g.us!', [group('12025550143-1600000000@g.us', 'Old')], '@Old!'],
    [
      '@120363000000000098@g.us',
      [group('120363000000000099@g.us', 'News')],
      '@120363000000000098@g.us',
    ],
  ])('is named: %s', (text, groupMentions, words) => {
    const inner = { extendedTextMessage: { text, contextInfo: { groupMentions } } }
    expect(wordsOf({ groupMentionedMessage: { message: inner } })).toBe(words)
  })
})

describe('a text that is no text', () => {
  const externalAdReply = {
    title: 'Sofas',
    sourceType: 'ad',
    sourceId: '1200',
    ctwaClid: 'ARx',
    greetingMessageBody: 'Hi!',
  }
  it.each([
    [{ extendedTextMessage: { contextInfo: { externalAdReply } } }, 'Hi!'],
    [{ conversation: '', contextInfo: { externalAdReply } }, 'Hi!'],
    [
      {
        extendedTextMessage: {
          contextInfo: { externalAdReply: { ...externalAdReply, greetingMessageBody: '' } },
        },
      },
      'Sofas',
    ],
  ])('is what the ad said, with its note: %#', (message, words) => {
    const draft = draftOf(message)
    expect(draft.content).toBe(`*Came from an ad, without a text of their own*\n${words}`)
    expect(draft.notes).toEqual([
      expect.stringMatching(/Ad id: 1200\nClick id \(ctwa_clid\): `ARx`$/),
    ])
  })

  it('is the preview of a link', () => {
    const preview = {
      title: 'Lamps',
      description: 'All of them',
      matchedText: 'https://example.com/l',
    }
    expect(wordsOf({ extendedTextMessage: preview })).toBe(
      'Lamps\nAll of them\nhttps://example.com/l',
    )
  })

  it.each(['   ', '\n\t', '\u200b\u2060', '\u2800'])('says that it is empty: %j', (text) => {
    expect(wordsOf({ conversation: text })).toBe('*Empty message*')
  })

  it('is never unknown', () => {
    expect(wordsOf({ extendedTextMessage: {} })).toBe('*Empty message*')
  })
})
