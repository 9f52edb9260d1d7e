import { SAMPLES } from '../samples/samples.ts'
import { button } from './business-kinds.ts'
import { fileNode, type Kind, sends } from './kind.ts'

const { photo } = SAMPLES
const SHOP = '12025550190@s.whatsapp.net'
const lamp = { productId: '55', title: 'Desk lamp', priceAmount1000: '19900', currencyCode: 'EUR' }

/** Out of a catalogue, and about money. */
export const SHOP_KINDS: readonly Kind[] = [
  {
    id: 'order',
    label: 'Order from the catalogue',
    promise: 'an order arrives with its total and number',
    send: sends({
      orderMessage: {
        orderId: '7700112233',
        itemCount: 3,
        status: 1,
        surface: 1,
        message: 'Please deliver on Friday',
        orderTitle: 'Bike shop',
        sellerJid: SHOP,
        token: 'AR6x==',
        totalAmount1000: { low: 45_990, high: 0, unsigned: false },
        totalCurrencyCode: 'EUR',
      },
    }),
    shown: [{ content: /Please deliver on Friday[\s\S]*3[\s\S]*45[.,]99[\s\S]*7700112233/ }],
  },
  {
    id: 'product',
    label: 'Product',
    promise: 'a product arrives with its price and picture',
    send: sends((wasender) => ({
      productMessage: {
        product: {
          ...lamp,
          description: 'Warm light',
          url: 'https://shop.example.com/p/55',
          productImage: fileNode(wasender, 'image', photo),
        },
        businessOwnerJid: SHOP,
      },
    })),
    shown: [
      {
        content:
          /Desk lamp[\s\S]*Warm light[\s\S]*19[.,]90[\s\S]*https:\/\/shop\.example\.com\/p\/55/,
        files: [photo],
      },
    ],
  },
  {
    id: 'product-question',
    label: 'Question about a product',
    promise: 'a question about a product says which one',
    send: sends({
      extendedTextMessage: {
        text: 'Is there a green one?',
        contextInfo: {
          stanzaId: '3EB0PRODUCT0055',
          participant: SHOP,
          quotedMessage: { productMessage: { product: lamp, businessOwnerJid: SHOP } },
        },
      },
    }),
    shown: [{ content: /^> .*Product[\s\S]*> Desk lamp[\s\S]*Is there a green one\?$/ }],
  },
  {
    id: 'pix',
    label: 'PIX key',
    promise: 'a PIX key arrives, to be copied',
    send: sends({
      interactiveMessage: {
        nativeFlowMessage: {
          buttons: [
            button('payment_info', {
              payment_settings: [
                {
                  type: 'pix_static_code',
                  pix_static_code: {
                    merchant_name: 'Maria Souza',
                    key: 'maria@example.com',
                    key_type: 'EMAIL',
                  },
                },
              ],
            }),
          ],
        },
      },
    }),
    shown: [{ content: /Maria Souza[\s\S]*maria@example\.com/ }],
  },
  {
    id: 'payment-request',
    label: 'Bill to pay',
    promise: 'a bill arrives with articles, total and ways to pay',
    send: sends({
      interactiveMessage: {
        body: { text: 'Your order is ready' },
        nativeFlowMessage: {
          buttons: [
            button('review_and_pay', {
              reference_id: 'A-2041',
              currency: 'BRL',
              total_amount: { value: 24_000, offset: 100 },
              order: {
                items: [
                  { name: 'Blue bicycle', quantity: 1, amount: { value: 24_000, offset: 100 } },
                ],
              },
              payment_settings: [
                {
                  type: 'pix_dynamic_code',
                  pix_dynamic_code: {
                    code: '00020126580014br.gov.bcb.pix',
                    merchant_name: 'Bike shop',
                  },
                },
              ],
            }),
          ],
        },
      },
    }),
    shown: [
      {
        content:
          /Your order is ready[\s\S]*A-2041[\s\S]*1 × Blue bicycle[\s\S]*240[.,]00[\s\S]*00020126580014br\.gov\.bcb\.pix/,
      },
    ],
  },
  {
    id: 'payment',
    label: 'Payment',
    promise: 'a payment arrives with its note',
    send: sends({
      sendPaymentMessage: { noteMessage: { conversation: 'For the lamp' } },
    }),
    shown: [{ content: /Payment[\s\S]*For the lamp/ }],
  },
]
