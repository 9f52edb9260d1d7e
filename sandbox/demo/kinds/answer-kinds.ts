import { type Kind, sends } from './kind.ts'

const STORIES = 'status@broadcast'
const US = '12025550100@s.whatsapp.net'
const ad = {
  title: 'Bicycles',
  body: 'Only this week',
  mediaType: 'IMAGE',
  thumbnailUrl: 'https://cdn.example.com/preview.jpg',
  sourceType: 'ad',
  sourceId: '1203',
  sourceUrl: 'https://ad.example.com/1',
  ctwaClid: 'ARx',
  sourceApp: 'instagram',
  greetingMessageBody: 'Hi! How can we help?',
  automatedGreetingMessageShown: true,
}
const adNote = { content: /Bicycles[\s\S]*ad\.example\.com[\s\S]*1203/, isNote: true } as const

/** What answers something: buttons, questions, stories, ads. */
export const ANSWER_KINDS: readonly Kind[] = [
  {
    id: 'button-answer',
    label: 'Button pressed',
    promise: 'the answer to a button arrives',
    send: sends({
      buttonsResponseMessage: { selectedButtonId: 'yes', selectedDisplayText: 'Yes, please' },
    }),
    shown: [{ content: /^Yes, please$/ }],
  },
  {
    id: 'template-answer',
    label: 'Button of a template pressed',
    promise: 'the answer to a template button arrives',
    send: sends({
      templateButtonReplyMessage: { selectedId: '1', selectedDisplayText: 'Call me' },
    }),
    shown: [{ content: /^Call me$/ }],
  },
  {
    id: 'list-answer',
    label: 'Row of a list chosen',
    promise: 'the choice from a list arrives',
    send: sends({
      listResponseMessage: { title: 'Bell', singleSelectReply: { selectedRowId: 'bell' } },
    }),
    shown: [{ content: /^Bell/ }],
  },
  {
    id: 'form-answer',
    label: 'Form filled in',
    promise: 'the answers of a form arrive',
    send: sends({
      interactiveResponseMessage: {
        body: { text: 'Booked' },
        nativeFlowResponseMessage: { name: 'flow', paramsJson: '{"size":"large"}' },
      },
    }),
    shown: [{ content: /^Booked\nsize: large$/ }],
  },
  {
    id: 'question',
    label: 'Question and its answer',
    promise: 'a question arrives, and its answer quotes it',
    send: ({ person }) => {
      const question = person.sendRaw({
        questionMessage: { message: { extendedTextMessage: { text: 'Which size do you need?' } } },
      })
      const key = { id: question.keyId, remoteJid: `${person.profile.phone}@s.whatsapp.net` }
      return [question, person.sendRaw({ questionResponseMessage: { key, text: 'Size 42' } })]
    },
    shown: [{ content: /^Which size do you need\?$/ }, { content: /Size 42$/, quotes: 0 }],
  },
  {
    id: 'story-reply',
    label: 'Reply to our story',
    promise: 'a reply to our story says so',
    send: sends({
      extendedTextMessage: {
        text: 'How much is it?',
        contextInfo: {
          stanzaId: '3EB0STORY0001',
          participant: US,
          remoteJid: STORIES,
          quotedMessage: { imageMessage: { caption: 'New lamp, only today' } },
        },
      },
    }),
    shown: [{ content: /Reply to our story[\s\S]*New lamp, only today[\s\S]*How much is it\?$/ }],
  },
  {
    id: 'story-reaction',
    label: 'Reaction to our story',
    promise: 'a reaction to our story says so',
    send: sends(() => ({
      reactionMessage: {
        key: { remoteJid: STORIES, fromMe: true, id: '3EB0STORY0002', participant: US },
        text: '😍',
        senderTimestampMs: String(Date.now()),
      },
    })),
    shown: [{ content: /😍.*our story/ }],
  },
  {
    id: 'story-answer',
    label: 'Answer to a question in a story',
    promise: 'an answer to a question in a story arrives',
    send: sends({
      statusQuestionAnswerMessage: {
        key: { id: '3EB0STORY0003', remoteJid: STORIES },
        text: 'I want the blue one',
      },
    }),
    shown: [{ content: /story[\s\S]*I want the blue one/ }],
  },
  {
    id: 'ad-click',
    label: 'Ad click with a text',
    promise: 'an ad click leaves the text and a note about the ad',
    send: sends({
      extendedTextMessage: {
        text: 'Is it still there?',
        contextInfo: { externalAdReply: ad, entryPointConversionSource: 'ctwa_ad' },
      },
    }),
    shown: [{ content: /^Is it still there\?$/ }, adNote],
  },
  {
    id: 'ad-greeting',
    label: 'Ad click without a text',
    promise: 'an ad click without a text tells what WhatsApp greeted with',
    send: sends({
      extendedTextMessage: {
        contextInfo: { externalAdReply: ad, entryPointConversionSource: 'ctwa_ad' },
      },
    }),
    shown: [{ content: /ad[\s\S]*Hi! How can we help\?/ }, adNote],
  },
]
