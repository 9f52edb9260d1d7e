import { ReadableStream } from 'node:stream/web'
import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { OutcomeUnknownError, RateLimitedError } from '../../../kernel/errors.ts'
import { asId, type ConversationId, type MessageId } from '../../../kernel/ids.ts'
import { useNock } from '../../upstream/testing/use-nock.ts'
import { ACCOUNT_PATH, ORIGIN, pushMessage, TOKEN, testClient } from '../fixtures.ts'

const conversation = asId<ConversationId>(15)
const id = asId<MessageId>(1204)
const path = '/conversations/15/messages'
const { messages } = testClient()
const server = () => nock(`${ORIGIN}${ACCOUNT_PATH}`, { reqheaders: { 'api-access-token': TOKEN } })

useNock()

describe('create', () => {
  it('sends JSON and reads the integers of the answer', async () => {
    server()
      .post(path, {
        content: 'Answered from the phone',
        message_type: 'outgoing',
        private: false,
        source_id: 'BAE5F4A1D7C0E9B2',
        content_attributes: { external_echo: true },
        echo_id: 'e1',
      })
      .reply(200, { ...pushMessage, source_id: 'BAE5F4A1D7C0E9B2', message_type: 1 })
    const message = await messages.create(conversation, {
      content: 'Answered from the phone',
      messageType: 'outgoing',
      sourceId: 'BAE5F4A1D7C0E9B2',
      contentAttributes: { external_echo: true },
      echoId: 'e1',
    })
    expect(message).toMatchObject({
      id: 1204,
      conversationId: 15,
      messageType: 'outgoing',
      sourceId: 'BAE5F4A1D7C0E9B2',
      status: 'delivered',
      createdAt: 1785247510_000,
      sender: { kind: 'user', id: 5, availableName: 'Ana' },
    })
  })

  it.each([
    [422, { error: 'Validation failed: Too many messages' }, RateLimitedError],
    [429, 'Retry later\n', RateLimitedError],
    [500, { status: 500, error: 'Internal Server Error' }, OutcomeUnknownError],
  ])('after %i %j', async (status, body, kind) => {
    server().post(path).reply(status, body)
    await expect(
      messages.create(conversation, { content: 'x', messageType: 'incoming' }),
    ).rejects.toBeInstanceOf(kind)
  })

  it('sends attachments as form data, attributes as JSON text', async () => {
    let form = new FormData()
    server()
      .post(path)
      .reply(200, async (request: Request) => {
        form = await request.formData()
        return { ...pushMessage, message_type: 0, attachments: [{ id: 310, file_type: 'audio' }] }
      })
    const message = await messages.createWithAttachments(conversation, {
      messageType: 'incoming',
      content: 'listen',
      contentAttributes: { in_reply_to_external_id: '3EB0' },
      attachments: [
        {
          body: () => ReadableStream.from([Buffer.from('OggS')]),
          fileName: 'voice.ogg',
          contentType: 'audio/ogg; codecs=opus',
          isVoice: true,
        },
        { body: new Blob(['2']), fileName: 'two.txt', contentType: 'text/plain' },
      ],
    })
    expect(message.attachments).toEqual([{ id: 310, fileType: 'audio' }])
    expect(Object.fromEntries(form)).toMatchObject({
      content: 'listen',
      message_type: 'incoming',
      private: 'false',
      content_attributes: '{"in_reply_to_external_id":"3EB0"}',
      is_voice_message: 'true',
    })
    const files = form.getAll('attachments[]') as File[]
    expect(files.map(({ name, type }) => [name, type])).toEqual([
      ['voice.ogg', 'audio/ogg'],
      ['two.txt', 'text/plain'],
    ])
    expect(await files[0]?.text()).toBe('OggS')
  })
})

describe('reading', () => {
  const answer = { meta: {}, payload: [{ ...pushMessage, id: 1203, message_type: 2 }, pushMessage] }

  it('lists a window', async () => {
    server().get(path).query({ after: 1200 }).reply(200, answer)
    const found = await messages.list(conversation, { after: 1200 })
    expect(found.map((message) => [message.id, message.messageType])).toEqual([
      [1203, 'activity'],
      [1204, 'outgoing'],
    ])
  })

  it('leaves out what it cannot read, and tells how many there were', async () => {
    const payload = [null, { id: 'x' }, pushMessage, { ...pushMessage, id: 0 }]
    server().get(path).reply(200, { payload })
    const { messages: found, size } = await messages.page(conversation)
    expect([found.map((message) => message.id), size]).toEqual([[1204], 4])
  })

  it('gets one message by a window of one', async () => {
    server()
      .get(path)
      .query({ after: 1204, before: 1205 })
      .reply(200, { payload: [pushMessage] })
    server().get(path).query({ after: 1204, before: 1205 }).reply(200, { payload: [] })
    expect(await messages.get(conversation, id)).toMatchObject({ id: 1204 })
    expect(await messages.get(conversation, id)).toBeUndefined()
  })
})

describe('changing', () => {
  it('reports statuses, a failure with its text', async () => {
    server().patch(`${path}/1204`, { status: 'read' }).reply(200, pushMessage)
    server()
      .patch(`${path}/1204`, { status: 'failed', external_error: 'Not on WhatsApp' })
      .reply(200, { ...pushMessage, status: 'failed' })
    await messages.updateStatus(conversation, id, { status: 'read' })
    const failed = await messages.updateStatus(conversation, id, {
      status: 'failed',
      externalError: 'Not on WhatsApp',
    })
    expect(failed.status).toBe('failed')
  })

  it('removes', async () => {
    server().delete(`${path}/1204`).reply(200, pushMessage)
    await expect(messages.remove(conversation, id)).resolves.toBeUndefined()
  })
})
