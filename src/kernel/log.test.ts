import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { PermanentError, TransientError } from './errors.ts'
import { createLogger, type Logger, type LoggerOptions } from './log.ts'

function capture(options: Partial<LoggerOptions> = {}) {
  const lines: string[] = []
  const destination = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      lines.push(chunk)
      done()
    },
  })
  const log: Logger = createLogger({ level: 'trace', destination, ...options })
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') }
}

const PLANTED = 'planted-4915550001111'

describe('redaction', () => {
  it.each([
    'apiKey',
    'api_access_token',
    'token',
    'secret',
    'webhookSecret',
    'sessionId',
    'authorization',
    'content',
    'text',
    'messageBody',
    'body',
    'pushName',
    'x-webhook-signature',
    'phone',
    'phone_number',
    'to',
    'jid',
    'chat',
  ])('hides %s at any depth, in lists and in bindings', (key) => {
    const { log, lines } = capture()
    const secret = { [key]: PLANTED }
    log.info(secret)
    log.info({ payload: secret })
    log.info({ payload: { data: { ...secret } } })
    log.info({ payload: { data: { messages: [secret] } } })
    log.info({ payload: { data: { messages: [{ key: secret }] } } })
    log.child({ ...secret }).info('child')
    log.child({ request: { headers: secret } }).info('child')
    log.child({ account: 'sales' }).child(secret, {}).info('grandchild')
    expect(lines).toHaveLength(8)
    expect(lines.join('')).not.toContain(PLANTED)
    expect(lines.every((line) => line.includes(key))).toBe(true)
  })

  it('hides a whole object below such a key', () => {
    const { log, last } = capture()
    log.info({ request: { json: { deep: PLANTED } } })
    expect(last().request).toEqual({ json: '[redacted]' })
  })

  it('leaves ids and counts', () => {
    const { log, last } = capture()
    log.info({ account: 'sales', conversationId: 4, messages: { count: 2 } }, 'done')
    expect(last()).toMatchObject({
      level: 30,
      account: 'sales',
      conversationId: 4,
      messages: { count: 2 },
      msg: 'done',
    })
  })

  it('does not change the object that was logged', () => {
    const message = { to: PLANTED, part: { text: PLANTED } }
    capture().log.info({ message })
    expect(message).toEqual({ to: PLANTED, part: { text: PLANTED } })
  })

  it('lets lines of one chat be related within a process, not across', () => {
    const [one, two] = [capture(), capture()]
    one.log.info({ chat: 'pn:15550001111' })
    const first = one.last().chat
    one.log.info({ job: { chat: 'pn:15550001111' } })
    two.log.info({ chat: 'pn:15550001111' })
    expect(first).toMatch(/^#[0-9a-f]{8}$/)
    expect(one.last().job.chat).toBe(first)
    expect(two.last().chat).not.toBe(first)
  })
})

describe('errors', () => {
  const unsafe = new Error(`Unexpected token in ${PLANTED}`)

  it('of the bridge keep message, code, context and their causes', () => {
    const { log, last } = capture()
    const system = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
      request: { token: PLANTED },
    })
    const error = new TransientError('No answer from chatwoot.', {
      code: 'chatwoot.unreachable',
      context: { account: 'sales' },
      cause: new PermanentError('inner', { code: 'inner', cause: system }),
    })
    log.warn({ err: error }, 'later')
    expect(last().err).toEqual({
      type: 'TransientError',
      code: 'chatwoot.unreachable',
      message: 'No answer from chatwoot.',
      context: { account: 'sales' },
      cause: {
        type: 'PermanentError',
        code: 'inner',
        message: 'inner',
        context: {},
        cause: expect.objectContaining({ code: 'ECONNREFUSED', message: system.message }),
      },
    })
    expect(JSON.stringify(last())).not.toContain(PLANTED)
  })

  it.each<[string, (log: Logger) => void]>([
    ['alone', (log) => log.error(unsafe)],
    ['as err', (log) => log.error({ err: unsafe })],
    ['as err with a message', (log) => log.error({ err: unsafe }, 'it failed')],
    ['as error', (log) => log.error({ error: unsafe }, 'it failed')],
    ['as a cause', (log) => log.error(new PermanentError('m', { code: 'c', cause: unsafe }))],
    ['in a group', (log) => log.error({ err: new AggregateError([unsafe], PLANTED) })],
    ['as a text', (log) => log.error({ err: PLANTED })],
    ['of JSON', (log) => log.error(parseError())],
    ['of a header', (log) => log.error(thrownBy(() => new Headers({ token: `${PLANTED}\nx` })))],
    ['of a form', (log) => log.error(new TypeError(`Headers.set: "${PLANTED}" is invalid.`))],
    ['of a mistake', (log) => log.error(new ReferenceError(`${PLANTED} is not defined`))],
    ['in lines that look like places', (log) => log.error(new Error(`a\n    at ${PLANTED}`))],
    ['as a name', (log) => log.error(Object.assign(new Error('a'), { name: `${PLANTED} x` }))],
    ['as a code', (log) => log.error(Object.assign(new Error('a'), { code: `${PLANTED} x` }))],
  ])('nobody foresaw do not bring their message, %s', (_, write) => {
    const { log, lines } = capture()
    write(log)
    expect(lines).toHaveLength(1)
    expect(lines[0]).not.toContain('planted')
  })

  it('nobody foresaw say where they were thrown', () => {
    const { log, last } = capture()
    log.error(unsafe)
    expect(last().msg).toBe('Error')
    expect(last().err.at[0]).toContain('log.test.ts')
  })

  it('of Redis show the code it starts with', () => {
    const { log, last } = capture()
    log.error(
      Object.assign(new Error(`OOM command not allowed ${PLANTED}`), { name: 'ReplyError' }),
    )
    expect(last().err).toMatchObject({ type: 'ReplyError', code: 'OOM' })
    expect(last().msg).toBe('ReplyError OOM')
  })

  it('that point at themselves end', () => {
    const { log, lines } = capture()
    const loop = new Error('loop')
    loop.cause = loop
    log.error(loop)
    expect(lines).toHaveLength(1)
  })
})

describe('pretty lines', () => {
  it('cannot be made up, nor can a terminal be told what to do', () => {
    const { log, lines } = capture({ pretty: true })
    const forged = 'x\n14:02:11 error forged'
    log.info({ status: `a\u001b[2Jb${forged}`, [`k\u001b`]: '\u202e', list: ['\u009b1m'] }, forged)
    expect(lines).toHaveLength(1)
    expect(lines[0]?.trimEnd()).toMatch(/^[^\p{Cc}\p{Cf}]*$/u)
  })

  it('are short, redacted and without colour on a plain stream', () => {
    const { log, lines } = capture({ pretty: true })
    log.warn({ account: 'sales', text: PLANTED, reason: 'two words' }, 'The lane waits')
    expect(lines).toEqual([
      expect.stringMatching(
        /^\d\d:\d\d:\d\d warn {2}The lane waits account=sales text=\[redacted\] reason="two words"\n$/,
      ),
    ])
  })
})

const parseError = () => thrownBy(() => JSON.parse(PLANTED))

function thrownBy(work: () => unknown): Error {
  try {
    work()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('It was expected to fail')
}
