import type { FileType, Message } from '../../chatwoot/types.ts'
import type { Said } from '../../wasender/voice.ts'
import type { Sample } from '../samples/samples.ts'
import type { DemoWorld } from '../world.ts'
import { type Customer, calm, newCustomer } from './customer.ts'
import { expectFiles, expectSame, expectText } from './expect.ts'
import type { Step } from './step.ts'

/** Something a customer sends, and the one message the agent gets for it. */
export type Arrival = {
  name: string
  send(customer: Customer, world: DemoWorld): Said
  /** Its text; it has none when this is left out. */
  content?: RegExp
  /** Its files, byte by byte; it has none when this is left out. */
  files?: readonly Sample[]
  fileType?: FileType
  /** Whatever else has to hold. */
  check?(message: Message, customer: Customer, world: DemoWorld): void | Promise<void>
}

const NOTHING = /^$/

/** A step per row: it arrives once, as an incoming message, and holds what the row says. */
export const arrivalSteps = (rows: readonly Arrival[]): Step[] =>
  rows.map((row) => ({
    name: row.name,
    direction: 'WhatsApp → helpdesk',
    async run(world) {
      const customer = await newCustomer(world)
      const said = row.send(customer, world)
      const message = await customer.arrival(said)
      await calm(world, said)
      expectSame('The kind of message', message.messageType, 'incoming')
      expectSame('The number of messages', customer.inHelpdesk([said.keyId]).length, 1)
      expectText('The text', message.content, row.content ?? NOTHING)
      await expectFiles(world.chatwoot, message, row.files ?? [])
      if (row.fileType !== undefined) {
        expectSame('The kind of file', message.attachments[0]?.fileType, row.fileType)
      }
      await row.check?.(message, customer, world)
    },
  }))
