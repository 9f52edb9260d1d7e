import { z } from 'zod'
import { anything, label, text } from '../../../../platforms/wasender/events/fields.ts'
import type { MediaRef, RichPart } from '../../canonical.ts'
import type { Converter } from '../converter.ts'
import { list, readNode } from '../fields.ts'
import { isNode, type MessageNode } from '../unwrap.ts'
import { buttonParts, sectionParts } from './buttons.ts'
import { readHeader } from './files.ts'
import { foundTexts } from './found-texts.ts'
import { productParts } from './product.ts'
import { type RichReading, richContent } from './rich.ts'

const worded = z.object({ text, title: text, subtitle: text }).optional().catch(undefined)
const inner = z.record(z.string(), z.unknown()).optional().catch(undefined)

/** All spellings of a message with buttons share these fields; each has some of them. */
const templateSchema = z.object({
  header: anything,
  body: worded,
  footer: worded,
  hydratedTitleText: text,
  hydratedContentText: text,
  hydratedFooterText: text,
  hydratedButtons: anything,
  title: label,
  text,
  contentText: text,
  description: text,
  footerText: text,
  buttonText: label,
  buttons: anything,
  sections: list,
  nativeFlowMessage: inner,
  carouselMessage: inner,
})

/** Where the envelope of a template has it, best first: WhatsApp may send one twice, for old and for new phones. */
const INSIDE = [
  ...['hydratedTemplate', 'interactiveMessageTemplate', 'hydratedFourRowTemplate', 'hydratedHsm'],
  'templateMessage',
]
/** WhatsApp nests two of them. */
const DEEPEST = 4

/** Messages with buttons, lists and templates of businesses: everything in them that can be read. */
export const fromTemplate =
  (what: string): Converter =>
  (node, { body, at }) => {
    const template = insideOf(node)
    const { parts, files } = readTemplate(template, at)
    if (parts.length > 0 || files.length > 0) return richContent(what, { parts, files })
    const texts = body === undefined ? foundTexts(node) : [body]
    return richContent(what, { parts: texts.map((text) => ({ as: 'text', text })) })
  }

function insideOf(node: unknown): MessageNode {
  let found: MessageNode = isNode(node) ? node : {}
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const next = INSIDE.map((name) => found[name]).find(isNode)
    if (next === undefined) break
    found = next
  }
  return found
}

function readTemplate(node: MessageNode, at: number | undefined): RichReading {
  const read = readNode(templateSchema, node)
  const header = isNode(read.header) ? read.header : {}
  const { title, subtitle } = readNode(z.object({ title: text, subtitle: text }), header)
  const files: MediaRef[] = []
  const heads = [header, node].map((holder) => readHeader(holder, at))
  for (const head of heads) files.push(...head.files)
  const product = isNode(header.productMessage)
    ? productParts(header.productMessage, at)
    : undefined
  files.push(...(product?.files ?? []))
  const cards = cardsIn(read.carouselMessage, at)
  files.push(...cards.files)
  const parts: RichPart[] = [
    ...titles(read.hydratedTitleText, title, read.title, read.text),
    ...(subtitle === undefined ? [] : [{ as: 'text' as const, text: subtitle }]),
    ...heads.flatMap((head) => head.parts),
    ...(product?.parts ?? []),
    ...texts(read.hydratedContentText, read.body?.text, read.contentText, read.description),
    ...sectionParts(read.sections),
    ...(read.buttonText === undefined || read.sections.length > 0
      ? []
      : [{ as: 'option' as const, text: read.buttonText }]),
    ...buttonParts(read.hydratedButtons),
    ...buttonParts(read.buttons),
    ...buttonParts(read.nativeFlowMessage?.buttons),
    ...cards.parts,
    ...smalls(read.hydratedFooterText, read.footer?.text, read.footerText),
  ]
  return { parts, files }
}

/** Cards beside each other, shown below each other. */
function cardsIn(carousel: MessageNode | undefined, at: number | undefined): RichReading {
  const cards = readNode(z.object({ cards: list }), carousel)
    .cards.filter(isNode)
    .slice(0, 20)
  const read = cards.map((card) => readTemplate({ ...card, carouselMessage: undefined }, at))
  return {
    parts: read.flatMap(({ parts }, index) => [
      { as: 'small' as const, text: `${index + 1}/${cards.length}` },
      ...parts,
    ]),
    files: read.flatMap(({ files }) => files),
  }
}

type Texts = (string | undefined)[]
const present = (texts: Texts) => texts.filter((text) => text !== undefined)
const titles = (...found: Texts) => present(found).map((text): RichPart => ({ as: 'title', text }))
const texts = (...found: Texts) => present(found).map((text): RichPart => ({ as: 'text', text }))
const smalls = (...found: Texts) => present(found).map((text): RichPart => ({ as: 'small', text }))
