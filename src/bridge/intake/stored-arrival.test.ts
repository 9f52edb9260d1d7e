import { expect, it } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import { type AccountId, asId } from '../../kernel/ids.ts'
import type { Arrival } from './route.ts'
import { readArrival } from './stored-arrival.ts'
import { createIngestChatwoot } from './webhooks.ts'

const sales = { id: asId<AccountId>('sales'), inboxId: 3, options: {} } as unknown as Account

async function arrivalsOf(body: object): Promise<Arrival[]> {
  const accepted: Arrival[] = []
  const ingest = createIngestChatwoot({
    intake: {
      async accept(arrivals) {
        accepted.push(...arrivals)
        return arrivals.length
      },
    },
    clock: { now: () => 1_800_000_000_000 },
    onTyping: () => {},
    onUnknown: () => {},
  })
  await ingest(sales, body)
  return accepted
}

it('is read again when a contact was deleted while Redis was away, and holds nothing of the person', async () => {
  const body = { event: 'contact_deleted', id: 7, name: 'Maria', phone_number: '+12025550143' }
  const [arrival] = await arrivalsOf(body)
  const stored: unknown = JSON.parse(JSON.stringify(arrival))
  expect(readArrival(stored)).toEqual(arrival)
  expect(arrival).toMatchObject({ event: { type: 'contact', contact: { id: 7 } } })
  expect(JSON.stringify(arrival)).not.toMatch(/Maria|2025550143/)
})
