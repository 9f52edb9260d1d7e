import type { Message } from '../../chatwoot/types.ts'
import type { PhoneMessage } from '../../wasender/phones.ts'
import type { Sample } from '../samples/samples.ts'
import type { DemoWorld } from '../world.ts'
import { type Customer, calm, newCustomer } from './customer.ts'
import { expectFile, expectSame, expectText } from './expect.ts'
import type { Step } from './step.ts'

/** One message on the customer's phone. */
export type Received = {
  kind: string
  /** Its text or caption; it has none when this is left out. */
  text?: RegExp
  /** The file, byte by byte. */
  file?: Pick<Sample, 'bytes'>
}

/** Something an agent or a machine writes, and what the customer gets for it. */
export type Departure = {
  name: string
  write(customer: Customer, world: DemoWorld): Message | Promise<Message>
  received: readonly Received[]
  /** Whatever else has to hold. */
  check?(received: readonly PhoneMessage[], customer: Customer): void
}

const NOTHING = /^$/

/** A step per row: exactly these messages arrive, in this order, and the agent sees them delivered. */
export const departureSteps = (rows: readonly Departure[]): Step[] =>
  rows.map((row) => ({
    name: row.name,
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      const message = await row.write(customer, world)
      await customer.received(row.received.length)
      await customer.status(message, 'delivered')
      await calm(world)
      const received = world.wasender.inbox(customer.phone)
      expectReceived(received, row.received)
      row.check?.(received, customer)
    },
  }))

/** The phone holds exactly these messages, in this order. */
export function expectReceived(got: readonly PhoneMessage[], wanted: readonly Received[]): void {
  const kinds = (messages: readonly { kind: string }[]) => messages.map(({ kind }) => kind).join()
  expectSame('What the phone holds', kinds(got), kinds(wanted))
  for (const [index, message] of got.entries()) {
    const { text = NOTHING, file } = wanted[index] ?? {}
    expectText('The text on the phone', message.text, text)
    if (file !== undefined) expectFile(message, file)
  }
}
