import { calm, expectTexts, newCustomer } from './customer.ts'
import { expectThat, type Step } from './step.ts'

/** What the bridge does when something is refused, away or logged out. */
export const TROUBLE_STEPS: readonly Step[] = [
  {
    name: 'a refused reply is marked failed and says why',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      const body = { success: false, message: 'The tour refuses this message.' }
      const fault = { kind: 'answer', path: '/api/send-', status: 422, times: 1, body } as const
      world.wasender.faults.add(fault)
      const reply = await customer.reply('Not this one')
      const failed = await customer.status(reply, 'failed')
      const reason = failed.contentAttributes.external_error
      expectThat(typeof reason === 'string' && reason !== '', 'The agent should see a reason.')
      await calm(world)
      expectTexts(world, customer, [])
    },
  },
  {
    name: 'a reply waits for the session to be scanned again',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      const { wasender } = world
      const { id } = wasender.session()
      await wasender.setStatus(id, 'logged_out')
      try {
        await customer.reply('After the scan')
        await calm(world)
        expectTexts(world, customer, [])
      } finally {
        await wasender.scan(id)
      }
      await customer.received(1)
      await calm(world)
      expectTexts(world, customer, ['After the scan'])
    },
  },
  {
    name: 'what is written while the bridge is away is not lost',
    direction: 'both ways',
    async run(world) {
      const customer = await newCustomer(world)
      await world.bridge.stop()
      const said = customer.person.sendText('Are you asleep?')
      await world.bridge.start()
      await customer.arrival(said)
      await customer.reply('Awake again')
      await customer.received(1)
      await calm(world, said)
      expectThat(customer.inHelpdesk([said.keyId]).length === 1, 'It should arrive once.')
      expectTexts(world, customer, ['Awake again'])
    },
  },
]
