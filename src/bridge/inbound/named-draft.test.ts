import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import { textsOf } from '../../content/locale/index.ts'
import { entry } from '../../content/message/inbound/fixtures.ts'
import { type Incoming, readIncoming } from '../../content/message/incoming.ts'
import type { OwnIdentity, Us } from '../../people/own.ts'
import { peerOf } from '../../people/peer.ts'
import { storable } from '../../platforms/chatwoot/api/api.ts'
import { parseWasenderWebhook } from '../../platforms/wasender/events/index.ts'
import { type KnownNames, namedDraft } from './known-names.ts'

/**
 * What customers send, each with what agents read of it. `entry` is a message, `webhook` any other event; fields that are
 * not there are as in the captured request.
 */
type Example = {
  name: string
  entry?: Record<string, unknown>
  webhook?: { event: string; data: unknown }
  becomes: Reading[] | { ignored: string }
}

type Reading = {
  content: string
  /** The contact, where the example is about names. */
  contact?: string
  files?: string[]
  notes?: string[]
  quotes?: string
  asActivity?: boolean
}

const account = { id: 'sales', texts: textsOf('en') } as unknown as Account
const us: Us = { phone: '12025550100', lid: '258540000000002', name: 'Flower Shop' }
const known: Record<string, string> = {
  '221000000000099': 'Hugo',
  '21000000000021': 'Gina',
  '12025550121': 'Gina',
}
const namers = {
  names: {
    find: async (_account, { lid = '', phone = '' }) => known[lid] ?? known[phone],
  } as KnownNames,
  own: { of: async () => us } as unknown as OwnIdentity,
}

/** As it is written into Chatwoot. */
async function readingOf(incoming: Incoming, example: Example): Promise<Reading> {
  const draft = await namedDraft(account, incoming, { isQuoteShown: false }, namers)
  const { content, files, notes, quotes, asActivity } = storable(draft)
  const names = files.map((file) =>
    file.from === 'text' ? file.fileName : `${file.media.kind} ${file.media.fileName}`,
  )
  const isAboutNames = Array.isArray(example.becomes) && example.becomes[0]?.contact !== undefined
  const contact = isAboutNames
    ? { contact: (await peerOf(account, incoming.who, incoming.pushName)).name }
    : {}
  return {
    ...contact,
    content,
    ...(names.length > 0 ? { files: names } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    ...(quotes === undefined ? {} : { quotes }),
    ...(asActivity === undefined ? {} : { asActivity }),
  }
}

async function play(example: Example): Promise<Example['becomes']> {
  const body = example.webhook ?? {
    event: 'messages.upsert',
    data: { messages: entry(undefined, example.entry) },
  }
  const { events } = parseWasenderWebhook({ ...body, timestamp: 1_784_402_766_013 })
  const read = events.map((event) => readIncoming(event, 1_784_402_766_013))
  const ignored = read.find((one) => one !== undefined && 'ignore' in one)
  if (ignored !== undefined && 'ignore' in ignored) return { ignored: ignored.ignore }
  return Promise.all(
    read.flatMap((one) =>
      one !== undefined && 'incoming' in one ? readingOf(one.incoming, example) : [],
    ),
  )
}

const folder = new URL('../../../test/fixtures/inbound/', import.meta.url)
for (const file of (await readdir(folder)).sort()) {
  const examples = JSON.parse(await readFile(new URL(file, folder), 'utf8')) as Example[]
  describe(`what agents read: ${file.slice(0, -'.json'.length)}`, () => {
    it.each(examples)('$name', async (example) => {
      expect(await play(example)).toEqual(example.becomes)
    })
  })
}
