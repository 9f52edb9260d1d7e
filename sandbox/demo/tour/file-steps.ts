import type { NewFile } from '../../chatwoot/blobs.ts'
import { SAMPLES, type Sample } from '../samples/samples.ts'
import { newCustomer } from './customer.ts'
import { type Departure, departureSteps, expectReceived } from './departures.ts'
import { expectSame, expectText } from './expect.ts'
import { expectThat, type Step } from './step.ts'

const { photo, clip, voice, paper, sticker, card } = SAMPLES

/** The dashboard gives recordings random names. */
const RECORDED: Sample = { ...voice, fileName: '68ebb6434341.ogg' }

const HEIC: Sample = {
  fileName: 'photo.heic',
  mimetype: 'image/heic',
  bytes: Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
}

/** WhatsApp takes photos up to 5 MB; what follows a PNG does not change the picture. */
const LARGE: Sample = { ...photo, bytes: Buffer.concat([photo.bytes, Buffer.alloc(5_300_000)]) }

const upload = ({ fileName: filename, mimetype: contentType, bytes }: Sample): NewFile => ({
  filename,
  contentType,
  bytes,
})

const attaches =
  (text: string | null, ...files: Sample[]): Departure['write'] =>
  ({ reply }) =>
    reply(text, { attachments: files.map(upload) })

const ROWS: readonly Departure[] = [
  {
    name: 'a photo is sent with its text below it',
    write: attaches('The **blue** one', photo),
    received: [{ kind: 'image', text: /^The \*blue\* one$/, file: photo }],
  },
  {
    name: 'a video is sent',
    write: attaches(null, clip),
    received: [{ kind: 'video', file: clip }],
  },
  {
    name: 'a document is sent under its name',
    write: attaches(null, paper),
    received: [{ kind: 'document', file: paper }],
    check: ([got]) => expectSame('The name', got?.media?.fileName, paper.fileName),
  },
  {
    name: 'several files are sent one by one and in order',
    write: attaches('Photo, list and film', photo, paper, clip),
    received: [
      { kind: 'image', text: /^Photo, list and film$/, file: photo },
      { kind: 'document', file: paper },
      { kind: 'video', file: clip },
    ],
  },
  {
    name: 'a recording is sent as a voice note',
    write: attaches(null, RECORDED),
    // Encoded again where ffmpeg is installed, so that the bytes may differ.
    received: [{ kind: 'voice' }],
    check: ([got]) => expectText('The type', got?.media?.mimetype, /^audio\/ogg/),
  },
  {
    name: 'an audio file is sent',
    write: attaches(null, voice),
    received: [{ kind: 'voice', file: voice }],
  },
  {
    name: 'a card file is sent as a contact',
    write: attaches(null, card),
    received: [{ kind: 'contact' }],
    check: ([got]) => {
      expectSame('The name', got?.contact?.name, 'John Example')
      expectText('The number', got?.contact?.phone, /12025550102/)
    },
  },
  {
    name: 'a photo over the limit is sent as a document',
    write: attaches(null, LARGE),
    received: [{ kind: 'document', file: LARGE }],
  },
  {
    name: 'a webp picture is sent as a document',
    write: attaches(null, sticker),
    received: [{ kind: 'document', file: sticker }],
  },
  {
    name: 'an odd kind of file is sent as a document',
    write: attaches(null, HEIC),
    received: [{ kind: 'document', file: HEIC }],
  },
]

/** Files of agents. */
export const FILE_STEPS: readonly Step[] = [
  ...departureSteps(ROWS),
  {
    name: 'an empty file fails and says why, and the other is sent',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      const empty = { ...paper, bytes: new Uint8Array() }
      const reply = await customer.reply(null, { attachments: [empty, photo].map(upload) })
      const failed = await customer.status(reply, 'failed')
      expectText('The reason', String(failed.contentAttributes.external_error), /empty/)
      expectReceived(await customer.received(1), [{ kind: 'image', file: photo }])
    },
  },
  {
    name: 'Retry sends only the part that failed',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      const body = { success: false, message: 'The tour refuses this part.' }
      const refused = { kind: 'answer', path: '/api/send-', status: 422, times: 1, body } as const
      world.wasender.faults.add(refused)
      const reply = await customer.reply(null, { attachments: [photo, paper].map(upload) })
      await customer.status(reply, 'failed')
      await customer.received(1)
      world.chatwoot.agent().retry(reply.id)
      await customer.status(reply, 'delivered')
      const kinds = world.wasender.inbox(customer.phone).map(({ kind }) => kind)
      expectThat(kinds.length === 2, `Each part should arrive once, not ${kinds.join()}.`)
      expectText('The parts', kinds.toSorted().join(), /^document,image$/)
    },
  },
]
