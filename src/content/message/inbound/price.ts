import { z } from 'zod'
import { label } from '../../../platforms/wasender/events/fields.ts'
import { number, readNode } from './fields.ts'

const priceSchema = z.object({ amount: number, currency: label })

/** `12.50 EUR` from WhatsApp's thousandths; `undefined` without an amount: WhatsApp writes an unknown one as 0. */
export function formatPrice(thousandths: unknown, currencyCode: unknown): string | undefined {
  const { amount, currency } = readNode(priceSchema, {
    amount: thousandths,
    currency: currencyCode,
  })
  if (amount === undefined || amount <= 0) return undefined
  const value = (amount / 1000).toFixed(decimalsOf(currency))
  return currency === undefined ? value : `${value} ${currency}`
}

/** Yen have no cents, dinars a thousand. */
function decimalsOf(currency: string | undefined): number {
  if (currency === undefined || !/^[A-Z]{3}$/i.test(currency)) return 2
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return format.resolvedOptions().maximumFractionDigits ?? 2
}
