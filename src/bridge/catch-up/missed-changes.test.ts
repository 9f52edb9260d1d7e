import { describe, expect, it } from 'vitest'
import type { MessageId } from '../../kernel/ids.ts'
import type { Message } from '../../platforms/chatwoot/shapes/message.ts'
import type { OutboundLink } from '../../state/store/types.ts'
import { createBackdrop, MINUTE, NOW } from '../testing/backdrop.ts'
import { createMissedChanges } from './missed-changes.ts'

function setUp() {
  const backdrop = createBackdrop()
  const { account, conversation, lane, messages, dispatch } = backdrop
  const missedChanges = createMissedChanges({ ...backdrop, dispatch })
  const horizon = NOW - 60 * MINUTE
  return {
    ...backdrop,
    look: () => missedChanges({ account, conversation, lane, messages, horizon }),
  }
}

const DELETED: Partial<Message> = { contentAttributes: { deleted: true } }
/** As the bridge keeps a message whose failure agents have seen. */
const SHOWN: Partial<OutboundLink> = { state: 'failed', reported: 'failed' }
const OF_THE_MESSAGE = { deletedBy: 10 as MessageId }

describe('a deletion no webhook told of', () => {
  it('is queued before the message itself, once', async () => {
    const { add, send, look, posted } = setUp()
    add(10, DELETED)
    send(10)
    expect(await look()).toBe(1)
    expect(posted).toMatchObject([{ order: 9.5, urgent: true, event: { id: 10, type: 'message' } }])
    expect(await look()).toBe(0)
  })

  it('is queued for a message that still waits', async () => {
    const { add, arrive, look } = setUp()
    add(10, DELETED)
    arrive(10)
    expect(await look()).toBe(1)
  })

  it('is queued when only some of its parts are gone', async () => {
    const { add, keep, look } = setUp()
    add(10, DELETED)
    keep(10, { state: 'read', ...OF_THE_MESSAGE }, { state: 'read' })
    expect(await look()).toBe(1)
  })

  it('is queued when another program wrote it, and the bridge has sent it', async () => {
    const { add, keep, look } = setUp()
    add(10, { ...DELETED, sourceId: 'erp-7' })
    keep(10, { state: 'read', ...OF_THE_MESSAGE }, { state: 'read' })
    expect(await look()).toBe(1)
  })

  it('takes back the failure Chatwoot shows because its webhook failed', async () => {
    const { add, send, look, updates } = setUp()
    add(10, { status: 'failed', contentAttributes: { deleted: true, external_error: '502' } })
    send(10)
    expect(await look()).toBe(1)
    expect(updates).toEqual([{ id: 10, status: 'sent' }])
  })

  it.each([
    ['was deleted there as well', {}, [{ state: 'read', ...OF_THE_MESSAGE }]],
    ['was never sent', {}, []],
    ['is too old', { createdAt: NOW - 61 * MINUTE }, [{ state: 'read' }]],
    ['was typed on the phone', { sourceId: '3EB0AAAA' }, []],
    ['is the customer’s', { messageType: 'incoming' }, [{ state: 'read' }]],
    ['is a note', { private: true }, [{ state: 'read' }]],
  ] as const)('is not queued when the message %s', async (_what, given, links) => {
    const { add, keep, look } = setUp()
    add(10, { ...DELETED, ...given })
    keep(10, ...links)
    expect(await look()).toBe(0)
  })
})

describe('a press of Retry no webhook told of', () => {
  it('is queued in the place of the message, once', async () => {
    const { add, keep, look, posted } = setUp()
    add(10)
    keep(10, { state: 'read', reported: 'failed' }, { state: 'failed' })
    expect(await look()).toBe(1)
    expect(posted).toMatchObject([{ order: 10, event: { id: 10, action: 'updated' } }])
    expect(await look()).toBe(0)
  })

  it('of a command is queued as well', async () => {
    const { add, keep, look } = setUp()
    add(10, { private: true, content: '!poll A? | B | C' })
    keep(10, SHOWN)
    expect(await look()).toBe(1)
  })

  it.each([
    ['is still shown as failed', { status: 'failed' }, [SHOWN]],
    ['still shows why', { contentAttributes: { external_error: 'No.' } }, [SHOWN]],
    ['somebody else has delivered', { status: 'delivered' }, [SHOWN]],
    ['was never shown as failed', {}, [{ state: 'failed' }]],
    ['has arrived after all', {}, [{ state: 'linked', reported: 'failed' }]],
    ['is being sent again', {}, [{ state: 'queued', reported: 'failed' }]],
    ['is unknown', {}, []],
    ['is too old', { createdAt: NOW - 61 * MINUTE }, [SHOWN]],
    ['was typed on the phone', { sourceId: '3EB0AAAA' }, []],
  ] as const)('is not seen in a message that %s', async (_what, given, links) => {
    const { add, keep, look } = setUp()
    add(10, given)
    keep(10, ...links)
    expect(await look()).toBe(0)
  })

  it('is not seen where Chatwoot cannot show a failure', async () => {
    const { add, keep, look, makeOld } = setUp()
    add(10)
    keep(10, SHOWN)
    makeOld()
    expect(await look()).toBe(0)
  })
})

describe('a failure that is none, and that no webhook told of', () => {
  const error = { contentAttributes: { external_error: '502 Bad Gateway' } }

  it.each([
    ['was sent', { status: 'failed', ...error }, [{ state: 'accepted' }]],
    ['was delivered', { status: 'failed', ...error }, [{ state: 'delivered' }]],
    ['has lost its ticks', { status: 'sent' }, [{ state: 'read', reported: 'read' }]],
  ] as const)('is seen in a message that %s, once', async (_what, given, links) => {
    const { add, keep, look, posted, updates } = setUp()
    add(10, given)
    keep(10, ...links)
    expect(await look()).toBe(1)
    expect(posted).toMatchObject([{ order: 10, event: { id: 10, action: 'updated' } }])
    expect(updates).toEqual([])
    expect(await look()).toBe(0)
  })

  it.each([
    ['has failed', { status: 'failed', ...error }, [SHOWN]],
    ['is too old', { status: 'failed', createdAt: NOW - 61 * MINUTE }, [{ state: 'read' }]],
    ['shows all', { status: 'read' }, [{ state: 'read', reported: 'read' }]],
    ['shows what it can', { status: 'sent' }, [{ state: 'accepted' }]],
  ] as const)('is not seen in a message that %s', async (_what, given, links) => {
    const { add, keep, look } = setUp()
    add(10, given)
    keep(10, ...links)
    expect(await look()).toBe(0)
  })
})
