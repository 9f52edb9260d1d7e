/** What a contact is called that has no name of its own. */
export const names = {
  group: 'WhatsApp group',
  channel: 'WhatsApp channel',
  person: 'WhatsApp contact',
  /** Somebody of whom no name and no number is known: above what they wrote, and within a line. */
  unknown: { author: 'Unknown person', inLine: 'an unknown person' },
}
