import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { optionsSchema } from '../../config/options-schema.ts'
import type { OutgoingKind } from '../../platforms/wasender/outgoing-message.ts'
import { textsOf } from '../locale/index.ts'
import { SEND_LIMITS } from '../media/limits.ts'
import type { Content, MediaKind } from './canonical.ts'
import { fromChatwoot } from './capabilities/from-chatwoot.ts'
import { fromWhatsapp } from './capabilities/from-whatsapp.ts'
import { renderPage } from './capabilities/page.ts'
import { capabilities } from './capabilities.ts'
import { converters, noise } from './inbound/convert.ts'
import { SPECIAL_CONTENT_TYPES } from './outbound/special.ts'

/* The compiler sees to it that these lists are complete. */
const CONTENT_KINDS = Object.keys({
  text: true,
  media: true,
  location: true,
  contacts: true,
  poll: true,
  'poll-result': true,
  choice: true,
  reaction: true,
  edit: true,
  'encrypted-edit': true,
  revoke: true,
  call: true,
  system: true,
  rich: true,
  unsupported: true,
} satisfies Record<Content['kind'], true>)
const MEDIA_KINDS = Object.keys({
  image: true,
  video: true,
  gif: true,
  round: true,
  audio: true,
  voice: true,
  document: true,
  sticker: true,
} satisfies Record<MediaKind, true>)
const OUTGOING_KINDS = Object.keys({
  text: true,
  image: true,
  video: true,
  document: true,
  audio: true,
  sticker: true,
  contact: true,
  location: true,
  poll: true,
} satisfies Record<OutgoingKind, true>)

const all = <Row, Value>(rows: readonly Row[], pick: (row: Row) => readonly Value[] | undefined) =>
  rows.flatMap((row) => pick(row) ?? []).sort()

describe('what comes from WhatsApp', () => {
  it('has each kind once, and no other', () => {
    expect(all(fromWhatsapp, ({ content }) => content)).toEqual([...CONTENT_KINDS].sort())
    expect(all(fromWhatsapp, ({ media }) => media)).toEqual([...MEDIA_KINDS].sort())
  })

  it('has every node that is read once', () => {
    const nodes = all(fromWhatsapp, (row) => row.nodes)
    expect(nodes).toEqual([...new Set(nodes)])
    for (const node of converters.keys()) expect(nodes).toContain(node)
  })

  it('has no node that nothing is done for', () => {
    const { kinds } = textsOf('en').inbound
    const idle = all(fromWhatsapp, (row) => row.nodes).filter(
      (node) => !converters.has(node) && kinds[node] === undefined && !node.startsWith('viewOnce'),
    )
    expect(idle).toEqual([])
    for (const node of noise) expect(all(fromWhatsapp, (row) => row.nodes)).not.toContain(node)
  })

  it('has a body for every node, which is played', async () => {
    const folder = new URL('../../../test/fixtures/inbound/', import.meta.url)
    const files = await readdir(folder)
    const bodies = await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')))
    const unplayed = all(fromWhatsapp, (row) => row.nodes).filter(
      (node) =>
        !bodies.some((body) => body.includes(`"${node}": {`) || body.includes(`"${node}": "`)),
    )
    expect(unplayed).toEqual([])
  })

  it('has a row for whatever agents are told the name of', () => {
    const named = Object.keys(textsOf('en').inbound.kinds).filter((kind) =>
      kind.endsWith('Message'),
    )
    expect(all(fromWhatsapp, (row) => row.nodes)).toEqual(expect.arrayContaining(named))
  })
})

describe('what comes from Chatwoot', () => {
  it('has each kind that is sent once, and no other', () => {
    expect(all(fromChatwoot, ({ sends }) => sends)).toEqual([...OUTGOING_KINDS].sort())
  })

  it('has every content type that is more than its text', () => {
    const types = all(fromChatwoot, ({ contentTypes }) => contentTypes)
    expect(types).toEqual(expect.arrayContaining(SPECIAL_CONTENT_TYPES))
    expect(types).toEqual([...new Set(types)])
  })

  it('has every command once, and no other', () => {
    const known = Object.keys(textsOf('en').commands.usage).sort()
    expect(all(fromChatwoot, ({ commands }) => commands)).toEqual(known)
  })

  it('has the limits by which files are sent', () => {
    for (const kind of Object.keys(SEND_LIMITS) as (keyof typeof SEND_LIMITS)[]) {
      const row = fromChatwoot.find(({ sends = [] }) => sends.includes(kind))
      expect(row?.limits, kind).toEqual(SEND_LIMITS[kind])
    }
  })
})

describe('every row', () => {
  it('has a name of its own', () => {
    const names = capabilities.map(({ direction, kind }) => `${direction} ${kind}`)
    expect(names).toEqual([...new Set(names)])
  })

  it('names options that exist', () => {
    const known = Object.keys(optionsSchema.shape)
    expect(known).toEqual(expect.arrayContaining(all(capabilities, ({ options }) => options)))
  })

  it.each(capabilities)('is shown by tests that exist: $direction, $kind', async ({ tests }) => {
    expect(Object.keys(tests).length).toBeGreaterThan(0)
    for (const [file, title] of Object.entries(tests)) {
      const source = await readFile(new URL(`../../../${file}`, import.meta.url), 'utf8')
      const names = ["'", '"', '`'].map((quote) => `${quote}${title}${quote}`)
      expect(
        names.some((name) => source.includes(name)),
        `${title} in ${file}`,
      ).toBe(true)
    }
  })
})

describe('docs/what-is-carried.md', () => {
  it('is what `node scripts/what-is-carried.ts` writes', async () => {
    const stored = await readFile(
      new URL('../../../docs/what-is-carried.md', import.meta.url),
      'utf8',
    )
    expect(stored).toBe(renderPage(capabilities))
  })

  it('is made of tables whose rows have four cells', () => {
    const rows = renderPage(capabilities).match(/^\|.*\|$/gm) ?? []
    expect(rows.length).toBeGreaterThan(capabilities.length)
    for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(6)
  })
})
