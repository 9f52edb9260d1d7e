import { SAMPLES, type SampleName } from '../../sandbox/demo/samples/samples.ts'
import type { ReachRow } from './row.ts'
import type { Stage } from './stage.ts'

const attached = (name: SampleName) => async (stage: Stage) => {
  const { fileName: filename, mimetype: contentType, bytes } = SAMPLES[name]
  await stage.sends(stage.reply(null, { attachments: [{ filename, contentType, bytes }] }))
}
const command = (text: string) => async (stage: Stage) => {
  await stage.sends(stage.reply(text, { private: true }))
}

const UNIFIED = 'POST /send-message'

/** The routes that send and change messages. All of them are used by agents, in the conversation. */
export const SEND_ROWS: readonly ReachRow[] = [
  {
    name: 'POST /send-text',
    today: UNIFIED,
    how: 'write in the conversation',
    run: (stage) => stage.sends(stage.reply('It costs **240**.')),
  },
  {
    name: 'POST /send-image',
    today: UNIFIED,
    how: 'attach a picture',
    run: attached('photo'),
  },
  { name: 'POST /send-video', today: UNIFIED, how: 'attach a video', run: attached('clip') },
  {
    name: 'POST /send-document',
    today: UNIFIED,
    how: 'attach any other file',
    run: attached('paper'),
  },
  {
    name: 'POST /send-audio',
    today: UNIFIED,
    how: 'record a voice message, or attach a sound',
    run: attached('voice'),
  },
  {
    name: 'POST /send-location',
    today: UNIFIED,
    how: '`!location 52.52,13.40 Name \\| Address` as a private note',
    run: command('!location 52.52,13.40 Office | Main Street 1'),
  },
  {
    name: 'POST /send-contact',
    today: UNIFIED,
    how: '`!contact Name \\| +49…` as a private note, or attach a `.vcf`',
    run: attached('card'),
  },
  {
    name: 'POST /send-poll',
    today: UNIFIED,
    how: '`!poll Question \\| A \\| B` as a private note',
    run: command('!poll Which color? | Blue | Red'),
  },
  {
    name: 'POST /send-quoted',
    today: UNIFIED,
    how: 'reply to a message that was sent from Chatwoot',
    async run(stage) {
      const first = await stage.reply('Which bell?')
      const [sent] = await stage.received(1)
      await stage.status(first.id, 'delivered')
      await stage.sends(stage.reply('The loud one?', { inReplyTo: first.id }))
      const quoted = stage.inbox().at(-1)?.quoted
      if (quoted !== sent?.keyId) throw new Error('The message is no native quote')
    },
  },
  {
    name: 'POST /edit-message',
    today: 'PUT /messages/{msgId}',
    how: '`!edit new text` as a private note',
    async run(stage) {
      const first = await stage.reply('It costs 24.')
      const [sent] = await stage.received(1)
      await stage.status(first.id, 'delivered')
      await stage.reply('!edit It costs 240.', { private: true })
      await stage.wasender.waitFor(() => sent?.text === 'It costs 240.')
    },
  },
  {
    name: 'DELETE /delete-message',
    today: 'DELETE /messages/{msgId}',
    how: 'delete the message in Chatwoot, or `!delete` as a private note',
    async run(stage) {
      const first = await stage.reply('Not for you')
      const [sent] = await stage.received(1)
      await stage.status(first.id, 'delivered')
      stage.chatwoot.agent().deleteMessage(first.id)
      await stage.wasender.waitFor(() => sent?.deletedAt)
    },
  },
]
