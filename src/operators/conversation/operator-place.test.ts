import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TransientError } from '../../kernel/errors.ts'
import { startPlatforms, type TestPlatforms } from '../../people/testing.ts'
import { createOperatorPlace } from './operator-place.ts'

let platforms: TestPlatforms
beforeEach(async () => {
  platforms = await startPlatforms()
})
afterEach(() => platforms.close())

const place = () => createOperatorPlace({ store: platforms.store, clock: { now: () => 1 } })

/** As many as there should be, whatever happened before. */
function expectOne() {
  expect(platforms.chatwoot.contacts()).toMatchObject([{ name: 'WhatsApp connection' }])
  expect(platforms.chatwoot.conversations()).toHaveLength(1)
}

describe('where operators read and write', () => {
  it('is made once and then known without asking Chatwoot', async () => {
    const { account, chatwoot } = platforms
    expect(await place().known(account)).toBeUndefined()
    const made = await place().ensure(account)
    const calls = chatwoot.calls.length
    expect(await place().ensure(account)).toEqual(made)
    expect(chatwoot.calls).toHaveLength(calls)
    expectOne()
  })

  it('is found again after a crash at any step', async () => {
    const { account, chatwoot } = platforms
    // Looking is not one of them, and is written much like making.
    chatwoot.faults.add({ kind: 'delay', ms: 0, path: '/contacts/filter' })
    for (const path of ['/contacts', '/conversations']) {
      chatwoot.faults.add({ kind: 'drop-after', method: 'POST', path, times: 1 })
    }
    for (let crash = 0; crash < 2; crash += 1) {
      await expect(place().ensure(account)).rejects.toThrow(TransientError)
    }
    await place().ensure(account)
    await place().forget(account)
    const { conversationId } = await place().ensure(account)
    expect(chatwoot.conversations()).toMatchObject([{ id: conversationId }])
    expectOne()
  })

  it('is given back its address when only that is gone', async () => {
    const { account, chatwoot } = platforms
    const { contact } = await account.chatwoot.contacts.create({
      name: 'WhatsApp connection',
      identifier: `whatsapp-connection-${account.inboxId}`,
    })
    await place().ensure(account)
    expect(chatwoot.conversations()).toMatchObject([{ contactId: contact.id }])
    expectOne()
  })

  it('remembers what was told last, until it is another place', async () => {
    const { account } = platforms
    await place().told(account, 'connected')
    expect(await place().known(account)).toBeUndefined()
    await place().ensure(account)
    await place().told(account, 'connected')
    expect(await place().known(account)).toMatchObject({ told: 'connected' })
    const elsewhere = { ...account, inboxId: (account.inboxId + 1) as typeof account.inboxId }
    expect(await place().known(elsewhere)).toBeUndefined()
    await place().forget(account)
    expect(await place().known(account)).toBeUndefined()
  })
})
