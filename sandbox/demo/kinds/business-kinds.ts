import { SAMPLES } from '../samples/samples.ts'
import { fileNode, type Kind, sends } from './kind.ts'

const { photo } = SAMPLES

/** A button as newer clients send it: its parameters are JSON in a text. */
export const button = (name: string, params: Record<string, unknown>) => ({
  name,
  buttonParamsJson: JSON.stringify(params),
})

/** What only businesses can send: it has buttons, rows or cards. */
export const BUSINESS_KINDS: readonly Kind[] = [
  {
    id: 'template',
    label: 'Template with buttons',
    promise: 'a template of a business arrives with its links and numbers',
    send: sends({
      templateMessage: {
        hydratedTemplate: {
          hydratedTitleText: 'Your invoice',
          hydratedContentText: 'The invoice of March is ready. Due: *30 April*',
          hydratedFooterText: 'Example Insurance',
          hydratedButtons: [
            {
              index: 0,
              urlButton: {
                displayText: 'Open invoice',
                url: 'https://pay.example.com/i/8842?ref=abc_def',
              },
            },
            { index: 1, callButton: { displayText: 'Call us', phoneNumber: '+12025550190' } },
            { index: 2, quickReplyButton: { displayText: 'I paid already', id: 'paid' } },
          ],
        },
      },
    }),
    shown: [
      {
        content:
          /Your invoice[\s\S]*Due: \*\*30 April\*\*[\s\S]*https:\/\/pay\.example\.com\/i\/8842\?ref=abc_def[\s\S]*12025550190[\s\S]*I paid already[\s\S]*Example Insurance/,
      },
    ],
  },
  {
    id: 'buttons',
    label: 'Picture with buttons',
    promise: 'a picture with buttons arrives with both',
    send: sends((wasender) => ({
      interactiveMessage: {
        header: { hasMediaAttachment: true, imageMessage: fileNode(wasender, 'image', photo) },
        body: { text: 'The evening tour has free places' },
        footer: { text: 'Bike shop' },
        nativeFlowMessage: {
          buttons: [
            button('cta_url', { display_text: 'Book now', url: 'https://shop.example.com/tour' }),
            button('cta_copy', { display_text: 'Copy coupon', copy_code: 'SUMMER10' }),
            button('quick_reply', { display_text: 'Not today', id: 'no' }),
          ],
        },
      },
    })),
    shown: [
      {
        content:
          /evening tour[\s\S]*Book now: https:\/\/shop\.example\.com\/tour[\s\S]*Copy coupon: SUMMER10[\s\S]*Not today/,
        files: [photo],
      },
    ],
  },
  {
    id: 'list',
    label: 'List to choose from',
    promise: 'a list of a business arrives with its rows',
    send: sends({
      listMessage: {
        title: 'Departments',
        description: 'Whom do you want to talk to?',
        buttonText: 'Open',
        footerText: 'Bike shop',
        listType: 1,
        sections: [
          {
            title: 'Shop',
            rows: [
              { title: 'Sales', description: 'New bicycles', rowId: '1' },
              { title: 'Workshop', description: 'Repairs', rowId: '2' },
            ],
          },
        ],
      },
    }),
    shown: [{ content: /Departments[\s\S]*Sales: New bicycles[\s\S]*Workshop: Repairs/ }],
  },
  {
    id: 'carousel',
    label: 'Carousel of cards',
    promise: 'a carousel arrives card by card, and names the picture that is withheld',
    send: sends((wasender) => ({
      interactiveMessage: {
        body: { text: 'Our offers' },
        carouselMessage: {
          cards: [
            {
              header: { title: 'Helmet', imageMessage: fileNode(wasender, 'image', photo) },
              body: { text: 'Red, 40 euros' },
              nativeFlowMessage: {
                buttons: [
                  button('cta_url', { display_text: 'Buy', url: 'https://shop.example.com/1' }),
                ],
              },
            },
            {
              header: { title: 'Bell', imageMessage: { mimetype: 'image/jpeg' } },
              body: { text: 'Loud, 12 euros' },
            },
          ],
        },
      },
    })),
    shown: [
      {
        content:
          /Our offers[\s\S]*Helmet[\s\S]*https:\/\/shop\.example\.com\/1[\s\S]*Bell[\s\S]*Image[^\n]*phone[\s\S]*Loud/,
        files: [photo],
      },
    ],
  },
  {
    id: 'code',
    label: 'One-time code',
    promise: 'a one-time code arrives',
    send: sends({
      templateMessage: {
        interactiveMessageTemplate: {
          body: { text: 'Your code to sign in' },
          nativeFlowMessage: {
            buttons: [button('cta_copy', { display_text: 'Copy', copy_code: '481516' })],
          },
        },
      },
    }),
    shown: [{ content: /Your code to sign in[\s\S]*481516/ }],
  },
]
