/* What the tests of this folder share: nodes and webhook bodies as they are documented or were seen. */

export const GROUP = '120363000000000001@g.us'
export const AT = 1_784_402_765_000

/** The fields by which a file is found and read; the same for every kind. */
export const encrypted = {
  url: 'https://mmg.whatsapp.net/v/t62.0000-24/EXAMPLE.enc?ccb=11-4&oe=EXAMPLE&mms3=true',
  directPath: '/v/t62.0000-24/EXAMPLE.enc?ccb=11-4&oe=EXAMPLE',
  mediaKey: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
  fileSha256: '2e5xjUhZJjyiNdhV2U/CvX8PxRMbC05ZMV5yLg1yNbw=',
  fileEncSha256: 'S0yt7+RggR3CjRmMSXtPMUz7cB3i4d2oytuGVvNoSH4=',
  fileLength: '14',
  mediaKeyTimestamp: '1784402765',
} as const

export const directKey = {
  id: '3EB0A1B2C3D4E5F6071829',
  fromMe: false,
  remoteJid: '189975000000001@lid',
  senderPn: '15550001111@s.whatsapp.net',
  cleanedSenderPn: '15550001111',
  senderLid: '189975000000001@lid',
  addressingMode: 'lid',
} as const

export const groupKey = {
  id: '3EB0GROUP0000000000456',
  fromMe: false,
  remoteJid: GROUP,
  participant: '189975000000001@lid',
  participantPn: '15550001111@s.whatsapp.net',
  cleanedParticipantPn: '15550001111',
  participantLid: '189975000000001@lid',
  addressingMode: 'lid',
} as const

/** `data.messages` as it was seen from the real service. */
export function entry(message: unknown, more: Record<string, unknown> = {}) {
  return {
    key: directKey,
    messageTimestamp: 1_784_402_765,
    pushName: 'Maria Example',
    broadcast: false,
    message,
    messageBody: '',
    ...more,
  }
}

/** A whole webhook body. */
export function upsert(message: unknown, more: Record<string, unknown> = {}) {
  return {
    event: 'messages.upsert',
    data: { messages: entry(message, more) },
    timestamp: 1_784_402_766_013,
  }
}
