import { expect, it } from 'vitest'
import type { Account } from '../../accounts/account.ts'
import type { Message } from '../../platforms/chatwoot/shapes/message.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import { mayShowLess } from './report-message.ts'

type Shown = Pick<Message, 'status' | 'contentAttributes'>
const error = { external_error: 'Net::ReadTimeout with #<TCPSocket:(closed)>' }

function look(shown: Partial<Shown>, known: Partial<OutboundLink>[], isModern = true) {
  const account = { inbox: { supports: async () => isModern } } as unknown as Account
  return mayShowLess(account, { contentAttributes: {}, ...shown }, known as OutboundLink[])
}

it.each([
  ['a failure', { status: 'failed' }, [{ state: 'accepted' }]],
  ['the reason of one', { contentAttributes: error }, [{ state: 'delivered' }]],
  ['a failure of something that is being sent', { status: 'failed' }, [{ state: 'sending' }]],
  ['no ticks any more', { status: 'sent' }, [{ state: 'delivered', reported: 'delivered' }]],
  ['no blue ticks any more', { status: 'sent' }, [{ state: 'read', reported: 'read' }]],
] as const)('shows less: %s', async (_what, shown, known) => {
  expect(await look(shown, [...known])).toBe(true)
})

it.each([
  ['what is known', { status: 'sent' }, [{ state: 'accepted' }]],
  ['ticks', { status: 'delivered' }, [{ state: 'delivered', reported: 'delivered' }]],
  ['a failure that is one', { status: 'failed' }, [{ state: 'failed', reported: 'failed' }]],
  ['a failure of a part', { status: 'failed' }, [{ state: 'read' }, { state: 'failed' }]],
  ['something unknown', { status: 'failed' }, []],
  ['a blank reason', { contentAttributes: { external_error: ' ' } }, [{ state: 'accepted' }]],
] as const)('does not show less: %s', async (_what, shown, known) => {
  expect(await look(shown, [...known])).toBe(false)
})

it('cannot tell when the event does not say and there are ticks to be lost', async () => {
  expect(await look({}, [{ state: 'read', reported: 'read' }])).toBeUndefined()
  expect(await look({}, [{ state: 'accepted' }])).toBe(false)
})

it('misses no tick that this Chatwoot does not show', async () => {
  const known = [{ state: 'delivered', reported: 'delivered' }] as const
  expect(await look({ status: 'sent' }, [...known], false)).toBe(false)
  expect(await look({ status: 'failed' }, [...known], false)).toBe(true)
})
