import { inboxOf } from '../config.ts'
import type { DemoWorld } from '../world.ts'
import { type Customer, calm, expectTexts, newCustomer } from './customer.ts'
import { expectSame } from './expect.ts'
import { openOperator } from './operator.ts'
import { expectThat, type Step } from './step.ts'

const THREE = ['one', 'two', 'three']

/** The bridge leaves what is younger to its webhook. */
const LONG_AGO_MS = 15_000

/** Somebody presses the buttons of both dashboards. */
async function renewSecrets({ wasender, chatwoot }: DemoWorld): Promise<void> {
  const session = wasender.session()
  const key = { Authorization: `Bearer ${wasender.personalAccessToken}` }
  const token = { api_access_token: chatwoot.adminToken }
  const inbox = `${chatwoot.url}/api/v1/accounts/${chatwoot.accountId}/inboxes/${inboxOf(chatwoot).id}`
  const asked = await Promise.all([
    post(`${wasender.apiUrl}/whatsapp-sessions/${session.id}/regenerate-key`, key),
    post(`${inbox}/reset_secret`, token),
  ])
  expectThat(
    asked.every(({ ok }) => ok),
    'Both platforms should make new secrets.',
  )
  session.webhookSecret = 'another-secret-of-the-session'
}

const post = (url: string, headers: Record<string, string>) =>
  fetch(url, { method: 'POST', headers })

/** An agent writes, and no webhook tells of it. */
async function writeUnheard({ chatwoot, helpdeskClock }: DemoWorld, customer: Customer) {
  await chatwoot.settled()
  chatwoot.setWebhookFaults({ dropRate: 1 })
  helpdeskClock.behindMs = LONG_AGO_MS
  try {
    const reply = await customer.reply('Did this get lost?')
    await chatwoot.settled()
    return reply
  } finally {
    helpdeskClock.behindMs = 0
    chatwoot.setWebhookFaults({})
  }
}

/** What goes wrong for a while and leaves nothing behind. */
export const MENDING_STEPS: readonly Step[] = [
  {
    name: 'new keys and secrets on both sides cost no message',
    direction: 'both ways',
    async run(world) {
      const customer = await newCustomer(world)
      await renewSecrets(world)
      const said = customer.person.sendText('Is the door still open?')
      await customer.reply('It has a new lock')
      await customer.received(1)
      await customer.arrival(said)
      await calm(world, said)
      expectSame('The number of messages', customer.inHelpdesk([said.keyId]).length, 1)
      expectTexts(world, customer, ['It has a new lock'])
    },
  },
  {
    name: 'while WhatsApp is logged out messages wait, agents know, and all go out in order',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const [customer, operator] = [await newCustomer(world), await openOperator(world)]
      const { wasender } = world
      const { id } = wasender.session()
      await wasender.setStatus(id, 'logged_out')
      try {
        for (const text of THREE) await customer.reply(text)
        await Promise.all([
          customer.note(/This message waits/),
          operator.line(/WhatsApp is logged out/),
        ])
        expectTexts(world, customer, [])
        await operator.ask('!connect')
        await operator.shows(1)
      } finally {
        await wasender.scan(id)
      }
      await customer.received(THREE.length)
      await customer.note(/connected again/)
      await operator.shows(0)
      await calm(world)
      expectTexts(world, customer, THREE)
    },
  },
  {
    name: 'a reply whose webhook was lost is found after a restart',
    direction: 'helpdesk → WhatsApp',
    async run(world) {
      const customer = await newCustomer(world)
      const reply = await writeUnheard(world, customer)
      expectTexts(world, customer, [])
      await world.bridge.stop()
      await world.bridge.start()
      await customer.status(reply, 'delivered')
      await calm(world)
      expectTexts(world, customer, ['Did this get lost?'])
    },
  },
]
