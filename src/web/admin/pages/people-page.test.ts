import { expect, it, vi } from 'vitest'
import type { ContactsForget } from '../../../bridge/forget/contacts-forget.ts'
import type { Kept } from '../../../bridge/forget/kept.ts'
import { TransientError } from '../../../kernel/errors.ts'
import { asId, type ConversationId } from '../../../kernel/ids.ts'
import { browser, fakeAdmin, nothingKept, sales } from '../testing/fake-admin.ts'

const NUMBER = '+1 202 555 0143'
const something: Kept = {
  ...nothingKept(sales.id),
  conversations: [asId<ConversationId>(9)],
  addresses: 2,
  messages: 5,
}

async function signedIn(forget: Partial<ContactsForget> = {}) {
  const find = vi.fn(async () => something)
  const erase = vi.fn(async () => something)
  const user = browser(fakeAdmin({ forget: { find, erase, ...forget } }).app)
  await user.signIn()
  return { ...user, find, erase, csrf: await user.formToken('/people') }
}

const WHO = {
  who: { address: { kind: 'phone', digits: '12025550143' }, phone: '12025550143' },
}

it('shows what is kept of a number, then erases it and says so', async () => {
  const { post, text, csrf, find, erase } = await signedIn()
  const page = await (await post('/people', { csrf, person: NUMBER })).text()
  expect(page).toContain('Forget this person?')
  expect(page).toContain('<dd>5</dd>')
  expect(page).not.toContain('live.js')
  expect(find).toHaveBeenCalledExactlyOnceWith(sales.id, WHO)
  const answer = await post('/people/forget', { csrf, person: NUMBER })
  expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/admin/people'])
  expect(erase).toHaveBeenCalledExactlyOnceWith(sales.id, WHO)
  expect(await text('/people')).toContain('Forgotten.')
})

it('says when nothing is kept', async () => {
  const { post, csrf } = await signedIn({ find: async () => nothingKept(sales.id) })
  const page = await (await post('/people', { csrf, person: NUMBER })).text()
  expect(page).toContain('keeps nothing of this person')
  expect(page).not.toContain('Forget this person?')
})

it.each(['Maria', '', '<script>', '120363000000000001@g.us'])(
  'asks again for a number instead of %j',
  async (person) => {
    const { post, csrf, erase } = await signedIn()
    for (const path of ['/people', '/people/forget']) {
      const answer = await post(path, { csrf, person })
      expect(answer.status).toBe(400)
      expect(await answer.text()).toContain('with its country code')
    }
    expect(erase).not.toHaveBeenCalled()
  },
)

it('says why somebody could not be forgotten', async () => {
  const erase = async () => {
    throw new TransientError('Webhooks wait on disk.', { code: 'forget.spooling' })
  }
  const { post, text, csrf } = await signedIn({ erase })
  await post('/people/forget', { csrf, person: NUMBER })
  expect(await text('/people')).toContain('Webhooks wait on disk.')
})

it('does nothing without the token of the form', async () => {
  const { post, erase } = await signedIn()
  expect((await post('/people/forget', { person: NUMBER })).status).toBe(403)
  expect(erase).not.toHaveBeenCalled()
})
