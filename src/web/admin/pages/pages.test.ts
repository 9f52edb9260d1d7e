import { describe, expect, it, vi } from 'vitest'
import { OperatorNeededError, PermanentError } from '../../../kernel/errors.ts'
import {
  asId,
  type ChatId,
  type ConversationId,
  type KeyId,
  type MessageId,
} from '../../../kernel/ids.ts'
import type { SessionControl, SessionState } from '../../../operators/session-control.ts'
import type { InboundLink } from '../../../state/store/types.ts'
import type { AdminOptions } from '../admin.ts'
import {
  broken,
  browser,
  connected,
  failure,
  fakeAdmin,
  NOW,
  sales,
} from '../testing/fake-admin.ts'

async function signedIn(given: Partial<AdminOptions> = {}) {
  const admin = fakeAdmin(given)
  const user = browser(admin.app)
  await user.signIn()
  return { ...user, admin }
}

const failures = {
  list: vi.fn(async () => ({ failures: [failure], cursor: 5 })),
  get: async (id: string) => (id === failure.id ? failure : undefined),
  count: async () => 1,
}

function sessionsIn(state: Partial<SessionState>, more: Partial<SessionControl> = {}) {
  const control: Partial<SessionControl> = {
    state: async () => ({ ...connected, ...state }),
    ...more,
  }
  return control as SessionControl
}

describe('the overview', () => {
  it('shows each account in a sentence and in numbers', async () => {
    const { text } = await signedIn({
      waiting: async () => [
        { account: sales.id, direction: 'in', count: 3, oldest: NOW - 120_000 },
        { account: sales.id, direction: 'out', count: 0, oldest: 0 },
      ],
    })
    const page = await text('/')
    expect(page).toContain('The account works.')
    expect(page).toContain('3, the oldest for 2 minutes')
    expect(page).toContain('+15550002222')
  })

  it('says that Redis is away instead of asking it', async () => {
    const down = async () => {
      throw new Error('Connection is closed.')
    }
    const { text } = await signedIn({
      checks: [{ name: 'redis', check: down }],
      waiting: down,
      pausedReason: down,
    })
    expect(await text('/')).toContain('Redis does not answer. Webhooks are kept on disk')
  })

  it('says what a platform that does not answer said last', async () => {
    const { text } = await signedIn({ accounts: [broken] })
    const said = 'Chatwoot gives no answer for sales: Chatwoot is away.'
    expect(await text('/')).toContain(said)
    expect(await text('/accounts/sales')).toContain(said)
  })
})

describe('while Redis is away', () => {
  const down = async () => {
    throw new Error('Connection is closed.')
  }
  const away = {
    checks: [{ name: 'redis', check: down }],
    waiting: down,
    pausedReason: down,
    failures: { list: down, get: down, count: down },
  }

  it('shows of an account what the platforms say, with its buttons', async () => {
    const { ask } = await signedIn(away)
    const answer = await ask('/accounts/sales')
    const page = await answer.text()
    expect(answer.status).toBe(200)
    expect(page).toContain('Redis does not answer. Webhooks are kept on disk')
    expect(page).toContain('Connected to WhatsApp as <strong>+15550002222</strong>')
    expect(page).toContain('/accounts/sales/session/restart')
    expect(page).not.toContain('Waiting in')
  })

  it('says of failures that they cannot be told, on a page that comes back by itself', async () => {
    const { ask } = await signedIn(away)
    const answer = await ask('/failures')
    const page = await answer.text()
    expect(answer.status).toBe(503)
    expect(page).toContain('Redis does not answer. Webhooks are kept on disk')
    expect(page).toContain('<nav aria-label="Pages">')
    expect(page).toContain('live.js')
  })
})

describe('the page of an account', () => {
  it('shows the code while it waits for a scan, and only then', async () => {
    const qr = async () => ({ qr: '2@code', expiresAt: NOW + 45_000 })
    const waits = await signedIn({ sessions: sessionsIn({ status: 'need_scan' }, { qr }) })
    expect(await waits.text('/accounts/sales')).toMatch(/QR code to scan with WhatsApp"><svg/)
    const up = await signedIn({ sessions: sessionsIn({}, { qr }) })
    expect(await up.text('/accounts/sales')).not.toContain('QR code')
  })

  it('says why there is no code', async () => {
    const qr = async () => {
      throw new PermanentError('It was linked just now.', { code: 'session.connected' })
    }
    const { text } = await signedIn({ sessions: sessionsIn({ status: 'need_scan' }, { qr }) })
    expect(await text('/accounts/sales')).toContain('There is no code: It was linked just now.')
  })

  it('offers nothing that needs a token that is not there, and says what to add', async () => {
    const { text } = await signedIn({ sessions: sessionsIn({ canManage: false }) })
    const page = await text('/accounts/sales')
    expect(page).toContain('wasender.personalAccessToken')
    expect(page).not.toContain('/session/')
  })

  it('names the addresses the platforms post to, with the path of the public one', async () => {
    const { text } = await signedIn({ publicUrl: 'https://example.com/bridge' })
    const page = await text('/accounts/sales')
    expect(page).toContain('<code>https://example.com/bridge/webhooks/wasender/sales</code>')
    expect(page).toContain('<code>https://example.com/bridge/webhooks/chatwoot/sales</code>')
  })

  it.each(['constructor', 'toString', 'nothing'])('has no button %s', async (deed) => {
    const { post, formToken } = await signedIn()
    const answer = await post(`/accounts/sales/session/${deed}`, { csrf: await formToken() })
    expect(answer.status).toBe(404)
  })

  it('does what its buttons say, and tells what came of it', async () => {
    const connect = vi.fn(async () => ({ status: 'need_scan', qrCode: undefined }) as const)
    const restart = async () => {
      throw new OperatorNeededError('Add a token.', { code: 'session.no_token' })
    }
    const sessions = sessionsIn({}, { connect, restart })
    const { post, text, formToken } = await signedIn({ sessions })
    const csrf = await formToken()
    const answer = await post('/accounts/sales/session/connect', { csrf })
    expect(answer.headers.get('Location')).toBe('/admin/accounts/sales')
    expect(connect).toHaveBeenCalledExactlyOnceWith(sales)
    expect(await text('/accounts/sales')).toContain('Scan the code with the phone.')
    await post('/accounts/sales/session/restart', { csrf })
    expect(await text('/accounts/sales')).toContain('Add a token.')
    for (const path of ['/accounts/sales/session/format', '/accounts/other/session/connect']) {
      expect((await post(path, { csrf })).status).toBe(404)
    }
  })
})

describe('the failures', () => {
  it('are told by their ids and reasons, never by what they say or whose number it is', async () => {
    const { text } = await signedIn({ failures })
    for (const path of ['/failures', '/failures/sales.7.1', '/accounts/sales']) {
      const page = await text(path)
      expect(page).toContain('message, conversation 9, message 41')
      expect(page).toContain('WhatsApp refused the message.')
      expect(page).toContain('number …1111')
      expect(page).not.toMatch(/secret|15550001111/)
    }
  })

  it('are filtered and paged by the address, whatever stands in it', async () => {
    const { text } = await signedIn({ failures })
    const page = await text('/failures?account=sales&direction=out&cursor=9')
    expect(failures.list).toHaveBeenLastCalledWith({
      accounts: ['sales'],
      direction: 'out',
      cursor: 9,
      limit: 25,
    })
    expect(page).toContain('/admin/failures?account=sales&amp;direction=out&amp;cursor=5')
    await text('/failures?account="><script>&direction=up&cursor=-4')
    expect(failures.list).toHaveBeenLastCalledWith({ accounts: ['sales'], limit: 25 })
  })

  it('that are gone are not found', async () => {
    const { ask } = await signedIn({ failures })
    expect((await ask('/failures/sales.8.1')).status).toBe(404)
  })
})

describe('a message', () => {
  const link: InboundLink = {
    direction: 'in',
    account: sales.id,
    chat: 'pn:15550001111' as ChatId,
    conversationId: asId<ConversationId>(9),
    messageId: asId<MessageId>(41),
    keyId: asId<KeyId>('3EB0'),
    fromMe: false,
    at: NOW,
  }
  const journal: AdminOptions['journal'] = {
    ofMessage: async () => [],
    shownBy: async (_, id) => (id === 41 ? link : undefined),
    byMsgId: async () => undefined,
    byKeyId: async (_, id) => (id === '3EB0' ? link : undefined),
  }

  it.each([
    ['41', 'Chatwoot’s message id'],
    ['3EB0', 'WhatsApp’s id'],
  ])('is found by %s, which is %s', async (id, by) => {
    const { text } = await signedIn({ journal })
    const page = await text(`/messages?id=${id}`)
    expect(page).toContain(`Found by ${by}`)
    expect(page).toContain('number …1111')
  })

  it('that is not known is said to be unknown, with what was asked for as it was typed', async () => {
    const { text } = await signedIn({ journal })
    const page = await text(`/messages?id=${encodeURIComponent('"><b>')}`)
    expect(page).toContain('No message with this id.')
    expect(page).toContain('value="&quot;&gt;&lt;b&gt;"')
  })
})

describe('a page that is looked at', () => {
  const listen = { headers: { Accept: 'text/event-stream' } }

  /** Reads what is sent until `enough`. */
  async function read(answer: Response, enough: (text: string) => boolean): Promise<string> {
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    for (;;) {
      const { value, done } = await reader.read()
      if (value !== undefined) text += value
      if (done || enough(text)) break
    }
    await reader.cancel()
    return text
  }
  const events = (text: string) => [...text.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name)

  it('is sent once, again when it changed, and not in between', async () => {
    let count = 0
    const waiting = async () =>
      [{ account: sales.id, direction: 'in', count, oldest: NOW }] as const
    const { ask } = await signedIn({ waiting: async () => [...(await waiting())] })
    const answer = await ask('/', listen)
    expect(answer.headers.get('Content-Type')).toBe('text/event-stream')
    expect(answer.headers.get('Cache-Control')).toBe('no-store')
    const text = await read(answer, (sent) => {
      if (events(sent).length >= 3) count = 7
      return sent.includes('7, the oldest')
    })
    expect(events(text).slice(0, 3)).toEqual(['page', 'same', 'same'])
    expect(events(text).at(-1)).toBe('page')
  })

  it('says so when it cannot be told, and goes on', async () => {
    const onError = vi.fn()
    let isAway = true
    const pausedReason = async () => {
      if (isAway) throw new Error('odd')
      return undefined
    }
    const { ask } = await signedIn({ pausedReason, onError })
    const text = await read(await ask('/', listen), (sent) => {
      isAway = false
      return sent.includes('event: page')
    })
    expect(events(text)[0]).toBe('trouble')
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: 'odd' }))
  })

  it('ends when its owner signs out, and when the bridge stops', async () => {
    const { ask, post, formToken, admin, signIn } = await signedIn()
    const first = await ask('/', listen)
    await post('/sign-out', { csrf: await formToken() })
    expect(events(await read(first, () => false)).at(-1)).toBe('over')
    await signIn()
    const second = await ask('/', listen)
    await admin.close()
    expect(events(await read(second, () => false))).not.toContain('over')
  })

  it('is refused without a redirect to those who are not signed in', async () => {
    const { ask } = browser(fakeAdmin().app)
    expect((await ask('/', listen)).status).toBe(401)
  })
})
