import { describe, expect, it } from 'vitest'
import { convertMessage } from './convert.ts'

const contentOf = (message: Record<string, unknown>, messageBody = '') => {
  const converted = convertMessage({ message, messageBody })
  return 'carry' in converted ? converted.carry.content : converted.ignore
}

describe('places', () => {
  const place = { degreesLatitude: -23.55052, degreesLongitude: -46.633308 }

  it('reads a location', () => {
    const locationMessage = { ...place, name: 'Example Plaza', address: '1 Example Street' }
    expect(contentOf({ locationMessage })).toEqual({
      kind: 'location',
      latitude: -23.55052,
      longitude: -46.633308,
      live: false,
      name: 'Example Plaza',
      address: '1 Example Street',
    })
  })

  it('reads a live location with its comment', () => {
    const liveLocationMessage = { ...place, caption: 'On my way', sequenceNumber: '1' }
    expect(contentOf({ liveLocationMessage })).toMatchObject({ live: true, text: 'On my way' })
  })

  it.each([
    { degreesLatitude: 91, degreesLongitude: 0 },
    { degreesLatitude: 'here', degreesLongitude: 0 },
    { degreesLongitude: 0 },
  ])('does not make up a place from %j', (locationMessage) => {
    expect(contentOf({ locationMessage })).toMatchObject({ kind: 'unsupported' })
  })
})

describe('contact cards', () => {
  const vcard = [
    'BEGIN:VCARD\nVERSION:3.0\nN:Example;John;;;\nFN:John Example',
    'TEL;type=CELL;waid=15550003333:+1 555-000-3333\nEND:VCARD',
  ].join('\n')

  it('reads one, and keeps the card', () => {
    expect(contentOf({ contactMessage: { displayName: 'John Example', vcard } })).toEqual({
      kind: 'contacts',
      cards: [{ name: 'John Example', numbers: ['+15550003333'], vcard }],
    })
  })

  it('reads several', () => {
    const second = 'BEGIN:VCARD\r\nFN:Ann\\, Example\r\nitem1.TEL:tel:+49 30\r\n  1234\r\nEND:VCARD'
    const contacts = [{ displayName: 'John Example', vcard }, { vcard: second }, { foo: 1 }]
    expect(contentOf({ contactsArrayMessage: { displayName: '2 contacts', contacts } })).toEqual({
      kind: 'contacts',
      cards: [
        { name: 'John Example', numbers: ['+15550003333'], vcard },
        { name: 'Ann, Example', numbers: ['+49 30 1234'], vcard: second },
      ],
    })
  })
})

describe('polls', () => {
  const options = [{ optionName: 'Monday' }, { optionName: 'Tuesday' }]
  const poll = { name: 'Which day?', options, selectableOptionsCount: 1 }
  const expected = {
    kind: 'poll',
    text: 'Which day?',
    options: ['Monday', 'Tuesday'],
    multiple: false,
  }

  it.each(['', 'V2', 'V3', 'V5'])('reads pollCreationMessage%s', (version) => {
    expect(contentOf({ [`pollCreationMessage${version}`]: poll })).toEqual(expected)
  })

  it('reads the fourth version, which is an envelope', () => {
    const inner = { pollCreationMessageV3: poll }
    expect(contentOf({ pollCreationMessageV4: { message: inner } })).toEqual(expected)
  })

  it('allows any number of answers unless it is one', () => {
    const pollCreationMessageV3 = { ...poll, selectableOptionsCount: 0 }
    expect(contentOf({ pollCreationMessageV3 })).toMatchObject({ multiple: true })
  })
})

describe('answers to buttons, lists and forms', () => {
  const flow = (paramsJson: unknown, text?: string) => ({
    interactiveResponseMessage: {
      ...(text === undefined ? {} : { body: { text } }),
      nativeFlowResponseMessage: { name: 'quick_reply', paramsJson },
    },
  })

  it.each([
    [
      { buttonsResponseMessage: { selectedButtonId: 'btn_yes', selectedDisplayText: 'Yes' } },
      'Yes',
    ],
    [{ buttonsResponseMessage: { selectedButtonId: 'btn_yes' } }, 'btn_yes'],
    [
      { templateButtonReplyMessage: { selectedId: '1', selectedDisplayText: 'Call me' } },
      'Call me',
    ],
    [
      {
        listResponseMessage: {
          title: 'Plan A',
          description: 'Monthly',
          singleSelectReply: { selectedRowId: 'plan_a' },
        },
      },
      'Plan A',
    ],
    [{ listResponseMessage: { singleSelectReply: { selectedRowId: 'plan_a' } } }, 'plan_a'],
    [flow('{"id":"yes","display_text":"Yes, please"}'), 'Yes, please'],
    [flow({ id: 'yes', title: 'Yes' }), 'Yes'],
    [flow('{"id":"yes"', 'Yes'), 'Yes'],
    [flow('{"id":"yes"}'), 'yes'],
    [flow('[1]'), 'quick_reply'],
    [
      flow(
        '{"flow_token":"x","screen_0_Full_Name_0":"Maria","screen_1_Days_1":["Mon","Tue"]}',
        'Sent',
      ),
      'Sent\nFull Name: Maria\nDays: Mon, Tue',
    ],
  ])('reads %j', (message, text) => {
    expect(contentOf(message)).toEqual({ kind: 'choice', text })
  })
})

describe('what lacks its words', () => {
  it.each(['groupInviteMessage', 'pinInChatMessage', 'paymentInviteMessage', 'someFutureMessage'])(
    'is named: %s',
    (type) => {
      const code = type === 'groupInviteMessage' ? { inviteCode: '../evil' } : {}
      const node = { ...code, key: { id: '3EB0' }, type: 1 }
      expect(contentOf({ [type]: node })).toEqual({ kind: 'unsupported', what: type })
    },
  )

  it('is read as the gateway reads it', () => {
    const parts = [{ as: 'text', text: 'Hello' }]
    expect(contentOf({ someFutureMessage: {} }, 'Hello')).toMatchObject({ kind: 'rich', parts })
  })
})

describe('ads', () => {
  const externalAdReply = {
    title: 'Summer sale',
    body: 'Chat with us',
    sourceType: 'ad',
    sourceId: '120200000000000000',
    sourceUrl: 'https://fb.me/EXAMPLE',
    ctwaClid: 'EXAMPLE_CLICK_ID',
  }
  const adOf = (contextInfo: unknown, place: 'node' | 'message' = 'node') => {
    const message =
      place === 'node'
        ? { extendedTextMessage: { text: 'Hi', contextInfo } }
        : { conversation: 'Hi', contextInfo }
    const converted = convertMessage({ message })
    return 'carry' in converted ? converted.carry.ad : undefined
  }

  it.each(['node', 'message'] as const)('reads the ad beside the %s', (place) => {
    expect(adOf({ externalAdReply }, place)).toEqual({
      title: 'Summer sale',
      body: 'Chat with us',
      url: 'https://fb.me/EXAMPLE',
      sourceId: '120200000000000000',
      clickId: 'EXAMPLE_CLICK_ID',
    })
  })

  it.each([
    ['in the card', { externalAdReply: { ...externalAdReply, ctwaClid: 'ARx' } }],
    [
      'in the card, as the business API spells it',
      { externalAdReply: { ...externalAdReply, ctwaClid: undefined, ctwa_clid: 'ARx' } },
    ],
    [
      'beside the card',
      { externalAdReply: { ...externalAdReply, ctwaClid: undefined }, ctwaClid: 'ARx' },
    ],
    ['beside another one in the card', { externalAdReply: { ctwaClid: 'ARx' }, ctwaClid: 'ARy' }],
    ['without a card', { ctwa_clid: ' ARx ' }],
    ['beside what is no card', { externalAdReply: 'ad', ctwaClid: 'ARx' }],
  ])('reads the id of the click %s', (_where, contextInfo) => {
    expect(adOf(contextInfo)?.clickId).toBe('ARx')
  })

  it('reads an id that is written as a number', () => {
    expect(adOf({ externalAdReply: { sourceId: 1200 } })).toEqual({ sourceId: '1200' })
  })

  it.each([[{ ctwaClid: '' }], [{ ctwaClid: 7 }], [{ ctwa_clid: ['ARx'] }], [{ sourceId: '1' }]])(
    'takes no click for one without an id: %j',
    (contextInfo) => {
      expect(adOf(contextInfo)).toBeUndefined()
    },
  )

  it('knows an ad by how the customer came, and a link card by the lack of it', () => {
    const card = { title: 'A page', sourceUrl: 'https://example.com/' }
    expect(adOf({ externalAdReply: card })).toBeUndefined()
    expect(adOf({ externalAdReply: card, entryPointConversionSource: 'ctwa_ad' })).toEqual({
      title: 'A page',
      url: 'https://example.com/',
    })
  })
})
