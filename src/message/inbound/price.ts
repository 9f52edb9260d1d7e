import { z } from 'zod'
import { label } from '../../wasender/events/fields.ts'
import { number, readNode } from './fields.ts'

const priceSchema = z.object({ amount: number, currency: label })

/** `12.50 EUR` from WhatsApp's thousandths; `undefined` without an amount. */
export function formatPrice(thousandths: unknown, currencyCode: unknown): string | undefined {
  const { amount, currency } = readNode(priceSchema, {
    amount: thousandths,
    currency: currencyCode,
  })
  if (amount === undefined) return undefined
  const value = (amount / 1000).toFixed(2)
  return currency === undefined ? value : `${value} ${currency}`
}
