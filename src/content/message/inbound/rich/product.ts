import { z } from 'zod'
import { anything, label, text } from '../../../../platforms/wasender/events/fields.ts'
import type { RichPart } from '../../canonical.ts'
import type { Converter } from '../converter.ts'
import { number, readNode, size } from '../fields.ts'
import { formatPrice } from '../price.ts'
import { isNode } from '../unwrap.ts'
import { fileIn } from './files.ts'
import { type RichReading, richContent } from './rich.ts'

const inner = z.record(z.string(), z.unknown()).optional().catch(undefined)

const productSchema = z.object({
  title: label,
  description: text,
  priceAmount1000: number,
  salePriceAmount1000: number,
  currencyCode: label,
  url: label,
  productImage: anything,
})
const catalogSchema = z.object({ title: label, description: text, catalogImage: anything })
const offerSchema = z.object({ product: inner, catalog: inner, body: text, footer: text })

/** A product of a catalogue, with its picture and price. */
export function productParts(node: unknown, at: number | undefined): RichReading {
  const { product, catalog, body, footer } = readNode(offerSchema, node)
  const offer = readNode(productSchema, product)
  const shelf = readNode(catalogSchema, catalog)
  const { priceAmount1000, salePriceAmount1000, currencyCode } = offer
  const price = formatPrice(salePriceAmount1000 || priceAmount1000, currencyCode)
  const images = [offer.productImage, shelf.catalogImage].filter(isNode)
  const parts: (RichPart | undefined)[] = [
    titled(offer.title ?? shelf.title),
    written(offer.description ?? shelf.description),
    written(price),
    offer.url === undefined ? undefined : { as: 'link', url: offer.url },
    written(body),
    footer === undefined ? undefined : { as: 'small', text: footer },
  ]
  return {
    parts: parts.filter((part) => part !== undefined),
    files: images.flatMap((image) => fileIn('imageMessage', image, at) ?? []),
  }
}

export const fromProduct: Converter = (node, { at }) =>
  richContent('productMessage', productParts(node, at))

const orderSchema = z.object({
  orderTitle: label,
  message: text,
  itemCount: size,
  orderId: label,
  totalAmount1000: number,
  totalCurrencyCode: label,
})

/** `orderMessage`: what a customer put together from a catalogue. The articles themselves are not in it. */
export const fromOrder: Converter = (node) => {
  const order = readNode(orderSchema, node)
  const { itemCount, orderId } = order
  const total = formatPrice(order.totalAmount1000, order.totalCurrencyCode)
  return richContent('orderMessage', {
    parts: [
      titled(order.orderTitle),
      written(order.message),
      itemCount ? { as: 'fact', fact: 'items', value: String(itemCount) } : undefined,
      total === undefined ? undefined : { as: 'fact', fact: 'total', value: total },
      orderId === undefined ? undefined : { as: 'fact', fact: 'order', value: orderId },
    ],
  })
}

function titled(title: string | undefined): RichPart | undefined {
  return title === undefined ? undefined : { as: 'title', text: title }
}

function written(words: string | undefined): RichPart | undefined {
  return words === undefined ? undefined : { as: 'text', text: words }
}
