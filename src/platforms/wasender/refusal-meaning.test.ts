import { describe, expect, it } from 'vitest'
import { meaningOfCode, meaningOfWords } from './refusal-meaning.ts'

describe('meaningOfWords', () => {
  it.each([
    'The provided JID does not exist on WhatsApp.',
    'JID does not exist on WhatsApp',
    'THE PROVIDED JID DOES NOT EXIST ON WHATSAPP.',
    "The JID doesn't exist.",
    'The jid doesn’t exist on Whatsapp',
    'This number is not on WhatsApp',
    'The phone number is not registered on WhatsApp.',
    "The number isn't registered with WhatsApp",
    'The recipient is not a valid WhatsApp user',
    'Recipient does not have WhatsApp',
    'invalid WhatsApp number',
    'Failed to send message: Invalid number JID: +12025550101',
    'Number is not registered',
    'The user was not found on WhatsApp.',
    'jid_not_on_whatsapp',
    'not a WhatsApp user',
    'No WhatsApp account for this number',
  ])('%j: nobody is there', (words) => {
    expect(meaningOfWords(words)).toBe('not-on-whatsapp')
  })

  it.each([
    ['Message rejected by WhatsApp (463)', '463'],
    ['error 463', '463'],
    ['463', '463'],
    ['Send failed with 463: reach-out time lock', '463'],
    ['Account is under reachout timelock', '463'],
    ['ack error: 475', '475'],
    ['Error code=475', '475'],
    ['You have reached the monthly limit of new conversations.', '475'],
  ])('%j is %s', (words, meaning) => {
    expect(meaningOfWords(words)).toBe(meaning)
  })

  it.each([
    'Your Whatsapp Session is not connected please connect your session first.',
    'The message could not be sent to WhatsApp.',
    'This file type is not supported by WhatsApp.',
    'Message does not exist',
    'LID not found or invalid.',
    'The text field is required when no media is present.',
    'Invalid number of options',
    'Failed: +1 463 555 0100 is busy',
    'Failed to read 475 bytes',
    'File size exceeds the limit of 16 MB for this file type.',
    '',
  ])('%j is only a refusal', (words) => {
    expect(meaningOfWords(words)).toBeUndefined()
  })

  it('takes no longer for what is made to take long', () => {
    for (const text of [
      'number '.repeat(1e5),
      'not exists '.repeat(1e5),
      'limit monthly '.repeat(1e5),
    ]) {
      meaningOfWords(text)
    }
  })
})

describe('meaningOfCode', () => {
  it('knows numbers however they are written', () => {
    expect([463, '475', ' 463 ', 4630, 'x', undefined].map(meaningOfCode)).toEqual([
      ...['463', '475', '463'],
      ...[undefined, undefined, undefined],
    ])
  })
})
