import { z } from 'zod'
import { anything, compact, label } from '../../../../platforms/wasender/events/fields.ts'
import type { RichPart } from '../../canonical.ts'
import { list, number, readNode } from '../fields.ts'
import { formatPrice } from '../price.ts'
import { isNode, type MessageNode } from '../unwrap.ts'
import { foundTexts } from './found-texts.ts'
import { textOf } from './rich.ts'

const inner = z.record(z.string(), z.unknown()).optional().catch(undefined)

/** One button in any of its spellings (docs/platforms/wasender.md#kinds-of-message). */
const buttonSchema = z.object({
  urlButton: inner,
  callButton: inner,
  quickReplyButton: inner,
  buttonText: inner,
  displayText: label,
  name: label,
  buttonParamsJson: anything,
  nativeFlowInfo: inner,
})

/** What the parameters of buttons are called, old ones in camel case and new ones in snake case. */
const paramsSchema = z.object({
  displayText: label,
  display_text: label,
  title: label,
  url: label,
  phoneNumber: label,
  phone_number: label,
  copy_code: label,
  coupon_code: label,
  reference_id: label,
  currency: label,
  total_amount: anything,
  order: inner,
  sections: list,
  payment_settings: list,
})

/** Buttons as parts: where they lead, whom they call, what they copy, else what they say. */
export function buttonParts(buttons: unknown): RichPart[] {
  return (Array.isArray(buttons) ? buttons.slice(0, 100) : []).flatMap(buttonPart)
}

function buttonPart(node: unknown): RichPart[] {
  if (!isNode(node)) return []
  const button = readNode(buttonSchema, node)
  const { urlButton, callButton, quickReplyButton, nativeFlowInfo } = button
  const old = urlButton ?? callButton ?? quickReplyButton ?? button.buttonText
  if (old !== undefined) return paramParts(old, old)
  const raw = button.buttonParamsJson ?? nativeFlowInfo?.paramsJson
  const params = parsed(raw)
  if (params !== undefined) return paramParts(params, params)
  const words = button.displayText ?? (raw === undefined ? undefined : button.name)
  return words === undefined ? foundTexts(node).map(asOption) : [asOption(words)]
}

function parsed(raw: unknown): MessageNode | undefined {
  if (isNode(raw)) return raw
  if (typeof raw !== 'string') return undefined
  try {
    const value: unknown = JSON.parse(raw)
    return isNode(value) ? value : undefined
  } catch {
    // Cut off or no JSON at all: the button is named by what stands around it.
    return undefined
  }
}

function paramParts(node: MessageNode, rest: unknown): RichPart[] {
  const params = readNode(paramsSchema, node)
  const words = params.displayText ?? params.display_text ?? params.title
  const name = compact({ label: words })
  const number = params.phoneNumber ?? params.phone_number
  const code = params.copy_code ?? params.coupon_code
  const parts: RichPart[] = [
    ...(params.url === undefined ? [] : [{ as: 'link' as const, url: params.url, ...name }]),
    ...(number === undefined ? [] : [{ as: 'phone' as const, number, ...name }]),
    ...(code === undefined ? [] : [{ as: 'code' as const, code, ...name }]),
    ...orderParts(params),
    ...params.payment_settings.flatMap(paymentParts),
    ...sectionParts(params.sections),
  ]
  const isNamed = words === undefined || parts.some((part) => textOf(part).includes(words))
  return withRest([...(isNamed ? [] : [asOption(words)]), ...parts], rest)
}

/** What else can be read of a node whose known fields are in `parts`. */
function withRest(parts: readonly RichPart[], node: unknown): RichPart[] {
  const said = parts.map(textOf).join('\n')
  const rest = foundTexts(node).filter((text) => !said.includes(text))
  return [...parts, ...rest.map(asOption)]
}

const asOption = (text: string): RichPart => ({ as: 'option', text })

/** Rows of a list under the titles of its sections. */
export function sectionParts(sections: readonly unknown[]): RichPart[] {
  return sections.slice(0, 100).flatMap((section) => {
    const { title, rows, productItems } = readNode(sectionSchema, section)
    const entries = [...rows, ...productItems].slice(0, 200)
    return [
      ...(title === undefined ? [] : [{ as: 'title' as const, text: title }]),
      ...entries.flatMap((row) => {
        const read = readNode(rowSchema, row)
        const text = read.title ?? read.header ?? read.description
        const more = [read.header, read.description].filter(
          (one) => one !== undefined && one !== text,
        )
        if (text === undefined) return foundTexts(row).map(asOption)
        return [
          { as: 'option' as const, text, ...(more.length === 0 ? {} : { more: more.join(', ') }) },
        ]
      }),
    ]
  })
}

const sectionSchema = z.object({ title: label, rows: list, productItems: list })
const rowSchema = z.object({ title: label, description: label, header: label })

const amountSchema = z.object({ value: number, offset: number })
const orderSchema = z.object({ items: list })
const itemSchema = z.object({ name: label, quantity: number, amount: anything })

/** A request to pay for an order. Amounts are whole numbers of `1 / offset`. */
function orderParts(params: z.output<typeof paramsSchema>): RichPart[] {
  const { currency, reference_id, order, total_amount } = params
  const total = priceOf(total_amount, currency)
  return [
    ...(reference_id === undefined
      ? []
      : [{ as: 'fact' as const, fact: 'order' as const, value: reference_id }]),
    ...readNode(orderSchema, order)
      .items.slice(0, 100)
      .flatMap((item): RichPart[] => {
        const { name, quantity, amount } = readNode(itemSchema, item)
        if (name === undefined) return []
        const text = quantity === undefined ? name : `${quantity} × ${name}`
        return [{ as: 'option', text, ...compact({ more: priceOf(amount, currency) }) }]
      }),
    ...(total === undefined ? [] : [{ as: 'fact' as const, fact: 'total' as const, value: total }]),
  ]
}

function priceOf(amount: unknown, currency: string | undefined): string | undefined {
  const { value, offset = 100 } = readNode(amountSchema, amount)
  return value === undefined || offset <= 0
    ? undefined
    : formatPrice((value / offset) * 1000, currency)
}

const settingSchema = z.object({
  key: label,
  code: label,
  digitable_line: label,
  uri: label,
  url: label,
})

/** Ways to pay: PIX keys and codes, payment slips, links. */
function paymentParts(setting: unknown): RichPart[] {
  if (!isNode(setting)) return []
  const ways = Object.values(setting).filter(isNode)
  return ways.flatMap((way) => {
    const { key, code, digitable_line, uri, url } = readNode(settingSchema, way)
    const codes = [key, code, digitable_line].filter((one) => one !== undefined)
    const links = [uri, url].filter((one) => one !== undefined)
    const others = foundTexts(way).filter((text) => ![...codes, ...links].includes(text))
    const name = compact({ label: others.length === 0 ? undefined : others.join(', ') })
    return [
      ...codes.map((one) => ({ as: 'code' as const, code: one, ...name })),
      ...links.map((one) => ({ as: 'link' as const, url: one, ...name })),
    ]
  })
}
