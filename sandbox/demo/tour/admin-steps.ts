import { z } from 'zod'
import { ACCOUNT } from '../config.ts'
import { refuseNext } from '../refusals.ts'
import { askAdmin } from './admin.ts'
import { calm, expectTexts, newCustomer } from './customer.ts'
import { expectSame } from './expect.ts'
import { expectThat, type Step } from './step.ts'

const failures = z.object({
  failures: z.array(z.object({ id: z.string(), messageId: z.number().optional() })),
})

/** What an admin does with the pages, here by their API. */
export const ADMIN_STEPS: readonly Step[] = [
  {
    name: 'a dead letter is sent once it is retried',
    direction: 'operators and admins',
    async run(world) {
      const customer = await newCustomer(world)
      refuseNext(world)
      const reply = await customer.reply('By the hand of an admin')
      await customer.status(reply, 'failed')
      const found = failures.parse(JSON.parse(await askAdmin(world, 'GET', 'failures')))
      const letter = found.failures.find(({ messageId }) => messageId === reply.id)
      expectThat(letter !== undefined, 'The message should be among the failures.')
      await askAdmin(world, 'POST', `failures/${letter?.id}/retry`)
      const sent = await customer.status(reply, 'delivered')
      expectThat(
        (sent.contentAttributes.external_error ?? null) === null,
        'The agent should see no failure any more.',
      )
      await calm(world)
      expectTexts(world, customer, ['By the hand of an admin'])
    },
  },
]

/** Apart from the others: an import goes through everybody the phone knows, so it comes while they are few. */
export const IMPORT_STEPS: readonly Step[] = [
  {
    name: "the phone's contacts are brought into the helpdesk",
    direction: 'operators and admins',
    async run(world) {
      const { chatwoot, wasender } = world
      const [phone, savedName] = ['+12025550109', 'Rosa Example']
      const person = wasender.person({ phone, name: 'Rosa' })
      person.profile.savedName = savedName
      const contacts = () => chatwoot.contacts().filter(({ phoneNumber }) => phoneNumber === phone)
      await askAdmin(world, 'POST', `accounts/${ACCOUNT}/contacts/import`)
      expectSame('The name of the contact', contacts()[0]?.name, savedName)
      const { keyId } = person.sendText('Do you know me?')
      const first = await chatwoot.waitFor(() =>
        chatwoot.allMessages().find(({ sourceId }) => sourceId === keyId),
      )
      expectSame('The number of contacts', contacts().length, 1)
      const conversation = chatwoot.conversations().find(({ id }) => id === first.conversationId)
      expectSame('The contact of the message', conversation?.contactId, contacts()[0]?.id)
    },
  },
]
