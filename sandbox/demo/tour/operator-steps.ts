import { qrPng } from '../../../src/operators/qr-code.ts'
import { refuseNext } from '../refusals.ts'
import { calm, expectTexts, newCustomer } from './customer.ts'
import { expectSame, expectText } from './expect.ts'
import { openOperator } from './operator.ts'
import { expectThat, type Step } from './step.ts'

const ROWS = [
  {
    name: '!status tells how the connection is and what waits',
    write: '!status',
    answer: /\*\*connected\*\*, as \+\d+\.\nWaiting: \d+ .*\nNot delivered: \d+/,
  },
  { name: '!qr knows that there is nothing to scan', write: '!qr', answer: /connected already/ },
  { name: '!help lists the commands of operators', write: '!help', answer: /!qr[\s\S]*!retry all/ },
  {
    name: 'what is no command is answered and never sent',
    write: 'Is anybody there?',
    answer: /Nothing written here is sent/,
  },
] as const

const rowStep = ({ name, write, answer }: (typeof ROWS)[number]): Step => ({
  name,
  direction: 'operators and admins',
  async run(world) {
    const operator = await openOperator(world)
    const sends = () => world.wasender.countOf('/api/send-message', 'POST')
    const before = sends()
    expectText('The answer', await operator.ask(write), answer)
    await calm(world)
    expectSame('The number of sends', sends(), before)
  },
})

/** What is asked and shown in the conversation "WhatsApp connection". */
export const OPERATOR_STEPS: readonly Step[] = [
  ...ROWS.map(rowStep),
  {
    name: '!failures tells why, and !retry all sends what failed',
    direction: 'operators and admins',
    async run(world) {
      const operator = await openOperator(world)
      const customer = await newCustomer(world)
      refuseNext(world)
      const reply = await customer.reply('At the second attempt')
      await customer.status(reply, 'failed')
      expectText('The list', await operator.ask('!failures'), /to WhatsApp: /)
      expectText('The answer', await operator.ask('!retry all'), /will be tried again now/)
      await customer.status(reply, 'delivered')
      await calm(world)
      expectTexts(world, customer, ['At the second attempt'])
    },
  },
  {
    name: 'a QR code is shown, renewed, and gone once it is scanned',
    direction: 'operators and admins',
    async run(world) {
      const operator = await openOperator(world)
      const { wasender, chatwoot } = world
      const { id } = wasender.session()
      await wasender.setStatus(id, 'need_scan')
      try {
        await operator.shows(1)
        const [first] = operator.codes()
        expectText('The answer', await operator.ask('!qr'), /follows here/)
        await wasender.emit(id, 'qrcode.updated', { qr: '2@the,next,code,of,all' })
        await chatwoot.waitFor(() => {
          const codes = operator.codes()
          return codes.length === 1 && codes[0]?.id !== first?.id
        })
        const [picture] = operator.codes().flatMap(({ attachments }) => attachments)
        const bytes = picture && (await chatwoot.attachmentBytes(picture))
        const wanted = await qrPng('2@the,next,code,of,all')
        expectThat(
          Buffer.compare(bytes ?? new Uint8Array(), wanted) === 0,
          'The picture should hold the code.',
        )
      } finally {
        await wasender.scan(id)
      }
      await operator.shows(0)
    },
  },
]
